import { failureReasonOf } from "~/contracts/failure-reasons";
import type { SqlExecutor } from "~/db/database";
import type { RoutingOutcomeKind, SessionStatus } from "~/db/generated/enums";
import { segmentOf } from "./decide.server";
import { addOutcome, emptyCell } from "./estimate";
import { lockCell } from "./read-snapshot.server";

interface FinishedSession {
  id: string;
  merchantId: string;
  connectionId: string | null;
  paymentMethod: string | null;
  currency: string;
  status: SessionStatus;
  failureReason: string | null;
  createdAt: Date;
}

/**
 * Counts a session's end for the connection that had its checkout, once per decision whatever is
 * delivered twice (routing.md §2 and §7): only an inserted outcome is added to the cell.
 */
export async function recordOutcome(tx: SqlExecutor, session: FinishedSession, now: Date): Promise<void> {
  const kind = outcomeKind(session);
  if (kind === null || session.connectionId === null || session.paymentMethod === null) return;
  const segment = segmentOf(session.paymentMethod, session.currency);
  const inserted = await tx.query(
    `insert into routing_outcomes (decision_id, merchant_id, connection_id, segment, kind, occurred_at)
     select id, merchant_id, $2, $3, $4::routing_outcome_kind, $5
       from routing_decisions where session_id = $1 order by created_at desc, id desc limit 1
     on conflict (decision_id) do nothing returning decision_id`,
    [session.id, session.connectionId, segment, kind, now],
  );
  if (inserted.length === 0) return;
  // Made first, so that two sessions that end at once wait for each other on the very first outcome, too.
  await tx.query(
    `insert into routing_cells (connection_id, segment, merchant_id, fast_successes, fast_total, slow_successes,
                                slow_total, completed, abandoned, at)
     values ($1, $2, $3, 0, 0, 0, 0, 0, 0, $4) on conflict (connection_id, segment) do nothing`,
    [session.connectionId, segment, session.merchantId, now],
  );
  const before =
    (await lockCell(tx, session.connectionId, segment)) ??
    emptyCell(session.connectionId, segment, now.getTime());
  const after = addOutcome(before, kind, session.createdAt.getTime(), now.getTime());
  await tx.query(
    `update routing_cells set fast_successes = $3, fast_total = $4, slow_successes = $5, slow_total = $6,
            completed = $7, abandoned = $8, at = $9, newest_outcome_at = $10, cohorts = $11
      where connection_id = $1 and segment = $2`,
    [
      session.connectionId,
      segment,
      after.fastSuccesses,
      after.fastTotal,
      after.slowSuccesses,
      after.slowTotal,
      after.completed,
      after.abandoned,
      new Date(after.atMs),
      after.newestOutcomeAtMs === null ? null : new Date(after.newestOutcomeAtMs),
      [...after.cohorts],
    ],
  );
}

function outcomeKind(session: FinishedSession): RoutingOutcomeKind | null {
  if (session.status === "SUCCEEDED") return "PAID";
  if (session.status === "EXPIRED") return "EXPIRED";
  if (session.status !== "FAILED" || session.failureReason === "all_providers_failed") return null;
  return failureReasonOf(session.failureReason ?? "").countsAgainstProvider ? "DECLINED" : "CUSTOMER";
}
