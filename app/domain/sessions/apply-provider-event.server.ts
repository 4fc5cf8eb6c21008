import type { SqlExecutor } from "~/db/database";
import type { PaymentSession } from "~/db/generated/client";
import { readConnection } from "~/domain/providers/read-connection.server";
import type { Services } from "~/domain/services";
import type { ProviderCheckoutState } from "~/providers/port";
import { announceChange } from "./announce-change.server";
import { type ApplyOutcome, applyProviderState } from "./apply-provider-state.server";
import { recordActivity } from "./record-activity.server";
import { readSession } from "./session-row.server";

interface EventRow {
  id: string;
  connectionId: string;
  provider: string;
  type: string;
  providerReference: string | null;
  payload: {
    state: (Omit<ProviderCheckoutState, "amount"> & { amount: string }) | null;
    /** Ours, of the checkout it is about; absent in notices that do not carry it. */
    reference?: string | null;
  };
  appliedAt: Date | null;
}

/** The try that made the checkout, and its reference at the provider: null while its create is unanswered. */
interface AttemptRow {
  id: string;
  sessionId: string;
  providerReference: string | null;
}

/** How long a provider has to say a state that its notice did not prove. */
const FETCH_MS = 5_000;

/**
 * Applies one stored provider event, once. The handler of `apply-provider-event`.
 * @throws ProviderRefusal when the state must be fetched and cannot be: the job is tried again.
 */
export async function applyProviderEvent(inboundEventId: string, services: Services): Promise<void> {
  const event = await readEvent(services.db, inboundEventId, "read");
  if (event === null || event.appliedAt !== null) return;
  const attempt = await findAttempt(services.db, event);
  const state = await stateOf(event, attempt, services);
  const changed = await services.db.transaction(async (tx) => {
    const locked = await readEvent(tx, inboundEventId, "lock");
    if (locked === null || locked.appliedAt !== null) return null;
    const { session, outcome } = await apply(tx, event, attempt, state, services);
    // An erasure before this one did not find it by its session: what it holds is of a customer who was erased.
    const payload = session === null || session.customerErasedAt === null ? "payload" : "'{}'";
    await tx.query(
      `update inbound_events set applied_at = $2, outcome = $3, session_id = $4, payload = ${payload} where id = $1`,
      [event.id, services.clock.now(), outcome, session?.id ?? null],
    );
    return session;
  });
  if (changed !== null) announceChange(changed, services);
}

/**
 * By the provider's reference; else by ours, which finds a checkout whose create was never answered: the
 * provider may have made it all the same, and a customer may have paid it.
 */
async function findAttempt(db: SqlExecutor, event: EventRow): Promise<AttemptRow | null> {
  if (event.providerReference !== null) {
    const [row] = await db.query<AttemptRow>(
      `select id, session_id as "sessionId", provider_reference as "providerReference"
         from attempts where connection_id = $1 and provider_reference = $2`,
      [event.connectionId, event.providerReference],
    );
    if (row !== undefined) return row;
  }
  // As run-attempts.server.ts makes it: the session's checkout reference and the attempt's number.
  const [, checkoutReference, number] = /^(.+)-(\d{1,4})$/.exec(event.payload.reference ?? "") ?? [];
  if (checkoutReference === undefined) return null;
  const [row] = await db.query<AttemptRow>(
    `select a.id, a.session_id as "sessionId", a.provider_reference as "providerReference"
       from payment_sessions s join attempts a on a.session_id = s.id
      where s.checkout_reference = $1 and a.number = $2 and a.connection_id = $3`,
    [checkoutReference, Number(number), event.connectionId],
  );
  return row ?? null;
}

async function apply(
  tx: SqlExecutor,
  event: EventRow,
  attempt: AttemptRow | null,
  state: ProviderCheckoutState | null,
  services: Services,
): Promise<{ session: PaymentSession | null; outcome: ApplyOutcome | "unknown_session" }> {
  const session = attempt === null ? null : await readSession(tx, attempt.sessionId, "lock");
  if (attempt === null || session === null || state === null) return { session, outcome: "unknown_session" };
  const providerReference = event.providerReference ?? attempt.providerReference;
  if (attempt.providerReference === null && providerReference !== null) {
    await tx.query("update attempts set provider_reference = $2 where id = $1", [
      attempt.id,
      providerReference,
    ]);
  }
  await recordActivity(
    tx,
    session,
    "provider_event",
    { inboundEventId: event.id, type: event.type, provider: event.provider },
    services.clock.now(),
  );
  // News of a checkout that was given up counts only when it says that money moved.
  const isCurrent =
    session.connectionId === event.connectionId && session.providerReference === providerReference;
  if (!isCurrent && state.state !== "SUCCEEDED") return { session, outcome: "no_change" };
  return { session, outcome: await applyProviderState(tx, session, state, services) };
}

async function stateOf(
  event: EventRow,
  attempt: AttemptRow | null,
  services: Services,
): Promise<ProviderCheckoutState | null> {
  const { state } = event.payload;
  if (state !== null) return { ...state, amount: BigInt(state.amount) };
  const providerReference = event.providerReference ?? attempt?.providerReference ?? null;
  // Nobody is asked about a checkout that is none of ours: a notice that anyone can send would make us call.
  if (attempt === null || providerReference === null) return null;
  const connection = await readConnection(services.db, event.connectionId, services);
  if (connection?.adapter == null) return null;
  return connection.adapter.fetchState(connection.context, providerReference, AbortSignal.timeout(FETCH_MS));
}

async function readEvent(tx: SqlExecutor, id: string, lock: "lock" | "read"): Promise<EventRow | null> {
  const [row] = await tx.query<EventRow>(
    `select id, connection_id as "connectionId", provider, type, provider_reference as "providerReference", payload,
            applied_at as "appliedAt"
       from inbound_events where id = $1${lock === "lock" ? " for update" : ""}`,
    [id],
  );
  return row ?? null;
}
