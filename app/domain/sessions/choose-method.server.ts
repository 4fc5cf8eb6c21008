import { setTimeout as sleep } from "node:timers/promises";
import type { Receipt } from "~/contracts/routing";
import type { SqlExecutor } from "~/db/database";
import type { PaymentSession } from "~/db/generated/client";
import type { Actor } from "~/domain/actor";
import { fingerprintBody } from "~/domain/idempotency/canonical-body.server";
import {
  KEEP_MS,
  type KeyScope,
  LEASE_MS,
  ownKeyPrefix,
  takeOver,
} from "~/domain/idempotency/claimed-key.server";
import { eligibleOrder } from "~/domain/routing/decide.server";
import { decideWithProbe } from "~/domain/routing/probe.server";
import { readSnapshot } from "~/domain/routing/read-snapshot.server";
import type { Services } from "~/domain/services";
import { AppError } from "~/lib/errors";
import { newId } from "~/lib/ids";
import { toDecimalText } from "~/lib/money";
import { ownSession } from "./own-session.server";
import { recordActivity } from "./record-activity.server";
import { addAttempt, choiceKey, runAttempts } from "./run-attempts.server";
import { countryOf } from "./session-country";
import { isFinal } from "./session-state";

/** A page that is sent again and again asks no provider more often than this. */
const MAX_ATTEMPTS = 50;
const LOOK_EVERY_MS = 100;

type Step =
  /** A provider has a checkout of the session in this very method. */
  | { kind: "chosen" }
  /** This call goes through the providers. */
  | { kind: "claimed"; scope: KeyScope; lockedUntil: Date }
  /** Another call (a second tab, a double click) does. */
  | { kind: "running"; scope: KeyScope; isSameMethod: boolean }
  /** Another choice came to its end since this one was decided: decide again. */
  | { kind: "again" }
  | { kind: "nobody" };

/**
 * The customer's choice among several payment methods (api.md §5.5): routed now, by the rules of a create
 * (§5.3), one choice at a time. When no provider makes a checkout, the session stays open for another choice.
 * @throws AppError VALIDATION_FAILED for a method that the session does not offer; CONFLICT when it is
 *   finished, or another method was chosen already; NO_AVAILABLE_PROVIDER, ALL_PROVIDERS_FAILED.
 */
export async function chooseMethod(
  actor: Actor,
  input: { sessionId: string; paymentMethod: string | null },
  services: Services,
): Promise<void> {
  for (;;) {
    const session = await ownSession(services.db, actor, input.sessionId, "read");
    const paymentMethod = methodOf(session, input.paymentMethod);
    const decided = await receiptFor(session, paymentMethod, services);
    const step = await services.db.transaction((tx) =>
      claimChoice(tx, actor, { sessionId: session.id, paymentMethod, receipt: decided }, services),
    );
    switch (step.kind) {
      case "chosen":
        return;
      case "again":
        break;
      case "nobody":
        throw new AppError("NO_AVAILABLE_PROVIDER");
      case "claimed": {
        const [first] = eligibleOrder(decided.receipt);
        if (first) {
          const { explored } = decided.receipt;
          services.telemetry.routingChoice({ provider: first.provider, mode: session.mode, explored });
        }
        const answer = await runAttempts(
          {
            sessionId: session.id,
            scope: step.scope,
            lockedUntil: step.lockedUntil,
            startedAt: services.clock.now(),
            path: "/api/v1/checkout-sessions",
          },
          services,
        );
        if (answer.status === 503) throw new AppError("ALL_PROVIDERS_FAILED");
        if (answer.status !== 201) throw closed();
        return;
      }
      case "running": {
        const status = await outcomeOf(services, step.scope);
        // The same press a second time: its answer counts for both.
        if (step.isSameMethod && status === 503) throw new AppError("ALL_PROVIDERS_FAILED");
      }
    }
  }
}

function methodOf({ allowedPaymentMethods: allowed }: PaymentSession, wanted: string | null): string {
  const method = wanted ?? (allowed.length === 1 ? (allowed[0] ?? null) : null);
  if (method !== null && allowed.includes(method)) return method;
  throw new AppError("VALIDATION_FAILED", {
    message: [`paymentMethod must be one of ${allowed.join(", ")}`],
  });
}

/** Decided before the session is locked; a seed of its own for each choice. */
async function receiptFor(
  session: PaymentSession,
  paymentMethod: string,
  services: Services,
): Promise<{ receipt: Receipt; attempts: number }> {
  const state = await readSnapshot(session, services);
  const attempts = await countAttempts(services.db, session.id);
  const receipt = await decideWithProbe(
    state,
    {
      paymentMethod,
      currency: session.currency,
      amount: Number(toDecimalText(session.amountTotal, session.currency)),
      country: countryOf(session),
      // A flat object, as it was validated (api.md §5.1).
      metadata: session.additionalInformation as Record<string, unknown> | null,
    },
    attempts === 0 ? session.id : `${session.id}-${attempts}`,
    services,
  );
  return { receipt, attempts };
}

async function countAttempts(tx: SqlExecutor, sessionId: string): Promise<number> {
  const [row] = await tx.query<{ attempts: number }>(
    `select coalesce(max(number), 0)::int4 as attempts from attempts where session_id = $1`,
    [sessionId],
  );
  return row?.attempts ?? 0;
}

async function claimChoice(
  tx: SqlExecutor,
  actor: Actor,
  choice: { sessionId: string; paymentMethod: string; receipt: { receipt: Receipt; attempts: number } },
  services: Services,
): Promise<Step> {
  const session = await ownSession(tx, actor, choice.sessionId, "lock");
  const { paymentMethod } = choice;
  const now = services.clock.now();
  if (isFinal(session.status) || session.expiresAt <= now) throw closed();
  if (session.connectionId !== null) {
    if (session.paymentMethod === paymentMethod) return { kind: "chosen" };
    throw new AppError("CONFLICT", {
      message: "Another payment method was chosen for this checkout already",
    });
  }
  const running = await runningChoice(tx, session);
  if (running !== null) {
    const isSameMethod = session.paymentMethod === paymentMethod;
    const taken = await takeOver(tx, running, now);
    // Its owner died: its choice is brought to an end before another.
    if (taken !== null) return { kind: "claimed", scope: running, lockedUntil: taken.lockedUntil };
    return { kind: "running", scope: running, isSameMethod };
  }
  // A session of one method is routed when it is made: nobody has its page's address before that.
  if (session.allowedPaymentMethods.length < 2) throw closed();

  const { receipt, attempts } = choice.receipt;
  // Another choice ended since this one was decided: its attempts took the numbers.
  if (attempts !== (await countAttempts(tx, session.id))) return { kind: "again" };
  if (attempts >= MAX_ATTEMPTS) return { kind: "nobody" };
  const [first] = eligibleOrder(receipt);
  await recordActivity(tx, session, "method_chosen", { paymentMethod }, now);
  await tx.query(
    `insert into routing_decisions (id, merchant_id, application_id, mode, session_id, segment, config_version,
       chosen_connection_id, chosen_score, explored, receipt, created_at)
     values ($1, $2, $3, $4::mode, $5, $6, $7, $8, $9, $10, $11, $12)`,
    [
      newId(),
      session.merchantId,
      session.applicationId,
      session.mode,
      session.id,
      receipt.segment,
      receipt.configVersion,
      first?.connectionId ?? null,
      first?.score ?? null,
      receipt.explored,
      receipt,
      now,
    ],
  );
  if (first === undefined) return { kind: "nobody" };
  const scope: KeyScope = {
    applicationId: session.applicationId,
    mode: session.mode,
    key: choiceKey(session.id, attempts),
  };
  const lockedUntil = new Date(now.getTime() + LEASE_MS);
  const { hash, pointers } = fingerprintBody({ paymentMethod });
  await tx.query(
    `insert into idempotency_keys (application_id, mode, key, merchant_id, body_hash, body_pointers, recovery_point,
                                   locked_until, session_id, created_at, expires_at)
     values ($1, $2::mode, $3, $4, decode($5, 'hex'), $6, 'SESSION_CREATED', $7, $8, $9, $10)`,
    [
      scope.applicationId,
      scope.mode,
      scope.key,
      session.merchantId,
      hash,
      pointers,
      lockedUntil,
      session.id,
      now,
      new Date(now.getTime() + KEEP_MS),
    ],
  );
  await addAttempt(tx, session, first, attempts + 1, now);
  await tx.query(`update payment_sessions set payment_method = $2, updated_at = $3 where id = $1`, [
    session.id,
    paymentMethod,
    now,
  ]);
  return { kind: "claimed", scope, lockedUntil };
}

async function runningChoice(tx: SqlExecutor, session: PaymentSession): Promise<KeyScope | null> {
  const [row] = await tx.query<{ key: string }>(
    `select key from idempotency_keys
      where session_id = $1 and key like $2 || '%' and recovery_point <> 'FINISHED' limit 1`,
    [session.id, ownKeyPrefix("choose")],
  );
  return row === undefined
    ? null
    : { applicationId: session.applicationId, mode: session.mode, key: row.key };
}

/** Waits until another call's choice is brought to an end, or its lease is over; the status that it had, null for none. */
async function outcomeOf(services: Services, scope: KeyScope): Promise<number | null> {
  for (;;) {
    const [row] = await services.db.query<{ status: number | null; lockedUntil: Date | null }>(
      `select response_status as status, locked_until as "lockedUntil" from idempotency_keys
        where application_id = $1 and mode = $2::mode and key = $3`,
      [scope.applicationId, scope.mode, scope.key],
    );
    if (row === undefined || row.status !== null) return row?.status ?? null;
    if (row.lockedUntil === null || row.lockedUntil <= services.clock.now()) return null;
    await sleep(LOOK_EVERY_MS);
  }
}

function closed(): AppError {
  return new AppError("CONFLICT", { message: "This checkout is closed" });
}
