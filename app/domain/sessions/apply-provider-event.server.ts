import type { SqlExecutor } from "~/db/database";
import { readConnection } from "~/domain/providers/read-connection.server";
import type { Services } from "~/domain/services";
import type { ProviderCheckoutState } from "~/providers/port";
import { type ApplyOutcome, applyProviderState } from "./apply-provider-state.server";
import { recordActivity } from "./record-activity.server";
import { readSession } from "./session-row.server";

interface EventRow {
  id: string;
  connectionId: string;
  provider: string;
  type: string;
  providerReference: string | null;
  payload: { state: (Omit<ProviderCheckoutState, "amount"> & { amount: string }) | null };
  appliedAt: Date | null;
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
  const state = await stateOf(event, services);
  await services.db.transaction(async (tx) => {
    const locked = await readEvent(tx, inboundEventId, "lock");
    if (locked === null || locked.appliedAt !== null) return;
    const { sessionId, outcome } = await apply(tx, event, state, services);
    await tx.query(`update inbound_events set applied_at = $2, outcome = $3, session_id = $4 where id = $1`, [
      event.id,
      services.clock.now(),
      outcome,
      sessionId,
    ]);
  });
  services.jobs.wake("deliver-webhook");
}

async function apply(
  tx: SqlExecutor,
  event: EventRow,
  state: ProviderCheckoutState | null,
  services: Services,
): Promise<{ sessionId: string | null; outcome: ApplyOutcome | "unknown_session" }> {
  const [attempt] = await tx.query<{ sessionId: string }>(
    `select session_id as "sessionId" from attempts where connection_id = $1 and provider_reference = $2`,
    [event.connectionId, event.providerReference],
  );
  const session = attempt === undefined ? null : await readSession(tx, attempt.sessionId, "lock");
  if (session === null || state === null) return { sessionId: null, outcome: "unknown_session" };
  await recordActivity(
    tx,
    session,
    "provider_event",
    { inboundEventId: event.id, type: event.type, provider: event.provider },
    services.clock.now(),
  );
  // News of a checkout that was given up counts only when it says that money moved.
  const isCurrent =
    session.connectionId === event.connectionId && session.providerReference === event.providerReference;
  if (!isCurrent && state.state !== "SUCCEEDED") return { sessionId: session.id, outcome: "no_change" };
  return { sessionId: session.id, outcome: await applyProviderState(tx, session, state, services) };
}

async function stateOf(event: EventRow, services: Services): Promise<ProviderCheckoutState | null> {
  const { state } = event.payload;
  if (state !== null) return { ...state, amount: BigInt(state.amount) };
  const connection = await readConnection(services.db, event.connectionId, services);
  if (connection?.adapter == null || event.providerReference === null) return null;
  return connection.adapter.fetchState(
    connection.context,
    event.providerReference,
    AbortSignal.timeout(FETCH_MS),
  );
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
