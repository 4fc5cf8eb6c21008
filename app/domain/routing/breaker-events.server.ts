import type { SqlExecutor } from "~/db/database";
import type { Services } from "~/domain/services";
import type { Health } from "./breaker";

/**
 * Notes that a connection's breaker opened or closed, for the outages that charts mark. Called where the
 * change is written, in its transaction and under the row's lock, so that each change is told once.
 */
export async function recordBreakerChange(
  tx: SqlExecutor,
  connection: { connectionId: string; merchantId: string },
  before: Pick<Health, "breaker">,
  after: Pick<Health, "breaker" | "openedAtMs" | "atMs">,
): Promise<void> {
  if (before.breaker === after.breaker) return;
  const atMs = after.breaker === "OPEN" ? (after.openedAtMs ?? after.atMs) : after.atMs;
  await tx.query(
    `insert into breaker_events (connection_id, at, state, merchant_id) values ($1, $2, $3::breaker_state, $4)
     on conflict do nothing`,
    [connection.connectionId, new Date(atMs), after.breaker, connection.merchantId],
  );
}

/** From the breaker's opening to its closing. */
export interface Outage {
  connectionId: string;
  from: Date;
  /** Null while it is still open. */
  to: Date | null;
}

/** The outages of these connections that touch the period, oldest first, with their own ends. */
export async function listOutages(
  connectionIds: readonly string[],
  period: { from: Date; to: Date },
  services: Pick<Services, "db">,
): Promise<Outage[]> {
  const rows = await services.db.query<{ connectionId: string; state: "OPEN" | "CLOSED"; at: Date }>(
    `select e.connection_id as "connectionId", e.state, e.at from breaker_events e
      where e.connection_id = any($1::uuid[]) and e.at < $3
        and e.at >= coalesce((select max(o.at) from breaker_events o
                               where o.connection_id = e.connection_id and o.at <= $2), '-infinity')
      order by e.connection_id, e.at, e.state desc`,
    [[...connectionIds], period.from, period.to],
  );
  const outages: Outage[] = [];
  let open = null as Outage | null;
  for (const { connectionId, state, at } of rows) {
    if (open?.connectionId !== connectionId) open = null;
    if (state === "OPEN" && open === null) {
      open = { connectionId, from: at, to: null };
      outages.push(open);
    } else if (state === "CLOSED" && open !== null) {
      open.to = at;
      open = null;
    }
  }
  // One that is not over by the period's end may be over by now.
  await Promise.all(
    outages
      .filter(({ to }) => to === null)
      .map(async (outage) => {
        const [closed] = await services.db.query<{ at: Date | null }>(
          "select min(at) as at from breaker_events where connection_id = $1 and at >= $2 and state = 'CLOSED'",
          [outage.connectionId, period.to],
        );
        outage.to = closed?.at ?? null;
      }),
  );
  return outages
    .filter(({ to }) => to === null || to > period.from)
    .sort((a, b) => a.from.getTime() - b.from.getTime() || (a.connectionId < b.connectionId ? -1 : 1));
}
