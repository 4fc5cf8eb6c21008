import type { Services } from "~/domain/services";
import { sha256 } from "~/lib/crypto.server";
import { AppError } from "~/lib/errors";
import { newId } from "~/lib/ids";
import type { SimulatorState } from "~/providers/simulator/backend";
import { parseSimulatorSettings } from "~/providers/simulator/settings";
import {
  CHECKOUT_COLUMNS,
  type PendingState,
  readCheckout,
  type SimulatorCheckoutRow,
} from "./simulator-checkout.server";
import { isLucky, type Transition } from "./simulator-state";

/** What the page does next: `redirectUrl` is null while the customer still has a step here. */
export interface SimulatorStepResult {
  state: SimulatorState;
  redirectUrl: string | null;
}

/** What the customer paid with, as far as it is kept. */
export interface Payer {
  cardBrand: string | null;
  cardLast4: string | null;
  phoneLast3: string | null;
}

/** @throws AppError NOT_FOUND. */
export async function requireCheckout(checkoutId: string, services: Services): Promise<SimulatorCheckoutRow> {
  const row = await readCheckout(services.db, checkoutId, services.clock.now());
  if (row === null) throw new AppError("NOT_FOUND");
  return row;
}

/** Whether a payment that would succeed does for this checkout, at its connection's success rate. */
export async function isCheckoutLucky(row: SimulatorCheckoutRow, services: Services): Promise<boolean> {
  const connection = await services.db.prisma.providerConnection.findUnique({
    where: { id: row.connection_id },
    select: { simulatorSettings: true },
  });
  const { successRate } = parseSimulatorSettings(connection?.simulatorSettings);
  return isLucky(successRate, Buffer.from(sha256(row.id)).readUInt32BE(0) / 2 ** 32);
}

/**
 * Moves a checkout from one state to the next and enqueues its notices, in one transaction. The UPDATE
 * asks for the state it comes from, so of two submits one moves and the other only reads the result.
 */
export async function applyTransition(
  row: SimulatorCheckoutRow,
  transition: Transition,
  payer: Payer | null,
  services: Services,
): Promise<SimulatorStepResult> {
  const { db, jobs, clock } = services;
  const now = clock.now();
  const dueAt = transition.next && new Date(now.getTime() + transition.next.after * 1000);
  const pending: PendingState | null =
    transition.next && dueAt
      ? { state: transition.next.state, failureCode: transition.next.failureCode, at: dueAt.toISOString() }
      : null;

  const moved = await db.transaction(async (tx) => {
    const [updated] = await tx.query<SimulatorCheckoutRow>(
      `UPDATE simulator_checkouts SET state = $3, failure_code = $4, pending = $5, updated_at = $6,
         card_brand = coalesce($7, card_brand), card_last4 = coalesce($8, card_last4),
         phone_last3 = coalesce($9, phone_last3)
       WHERE id = $1 AND state = $2 AND expires_at > $6 RETURNING ${CHECKOUT_COLUMNS}`,
      [
        row.id,
        row.state,
        transition.state,
        transition.failureCode,
        pending,
        now,
        payer?.cardBrand ?? null,
        payer?.cardLast4 ?? null,
        payer?.phoneLast3 ?? null,
      ],
    );
    if (updated === undefined) return null;
    const notify = (startAfter?: Date) =>
      jobs.enqueue(
        tx,
        "notify-from-simulator",
        { checkoutId: row.id, eventId: `evt_${newId().replaceAll("-", "")}` },
        startAfter ? { startAfter } : {},
      );
    if (transition.notifiesNow) await notify();
    if (dueAt) await notify(dueAt);
    return updated;
  });

  if (moved !== null && transition.notifiesNow) jobs.wake("notify-from-simulator");
  return resultOf(moved ?? (await requireCheckout(row.id, services)));
}

/** Where the page goes from a checkout's state. */
export function resultOf(row: SimulatorCheckoutRow): SimulatorStepResult {
  switch (row.state) {
    case "open":
    case "requires_action":
    case "expired":
      return { state: row.state, redirectUrl: null };
    case "cancelled":
      return { state: row.state, redirectUrl: row.cancel_url };
    default:
      return { state: row.state, redirectUrl: row.return_url };
  }
}
