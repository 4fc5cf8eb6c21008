import { failureReasonOf } from "~/contracts/failure-reasons";
import type { SqlExecutor } from "~/db/database";
import type { RoutingOutcomeKind, SessionStatus } from "~/db/generated/enums";
import { changeCell } from "./change-cell.server";
import { segmentOf } from "./decide.server";
import { addOutcome } from "./estimate";

interface FinishedSession {
  id: string;
  merchantId: string;
  connectionId: string | null;
  paymentMethod: string | null;
  currency: string;
  status: SessionStatus;
  failureReason: string | null;
}

/**
 * Counts a session's end for the connection that had its checkout, once per decision whatever is
 * delivered twice (routing.md §2 and §7): only an inserted outcome is added to the cell.
 */
export async function recordOutcome(tx: SqlExecutor, session: FinishedSession, now: Date): Promise<void> {
  const kind = outcomeKind(session);
  const { connectionId } = session;
  if (kind === null || connectionId === null || session.paymentMethod === null) return;
  const segment = segmentOf(session.paymentMethod, session.currency);
  const [counted] = await tx.query<{ decidedAt: Date }>(
    `with decision as (
       select id, merchant_id, created_at from routing_decisions where session_id = $1 order by created_at desc, id desc limit 1
     ), outcome as (
       insert into routing_outcomes (decision_id, merchant_id, connection_id, segment, kind, occurred_at)
       select id, merchant_id, $2, $3, $4::routing_outcome_kind, $5 from decision
       on conflict (decision_id) do nothing returning decision_id
     )
     select d.created_at as "decidedAt" from decision d join outcome o on o.decision_id = d.id`,
    [session.id, connectionId, segment, kind, now],
  );
  if (counted === undefined) return;
  const { merchantId } = session;
  await changeCell(tx, { connectionId, segment, merchantId }, now, (cell) =>
    addOutcome(cell, kind, counted.decidedAt.getTime(), now.getTime()),
  );
}

function outcomeKind(session: FinishedSession): RoutingOutcomeKind | null {
  if (session.status === "SUCCEEDED") return "PAID";
  if (session.status === "EXPIRED") return "EXPIRED";
  if (session.status !== "FAILED" || session.failureReason === "all_providers_failed") return null;
  return failureReasonOf(session.failureReason ?? "").countsAgainstProvider ? "DECLINED" : "CUSTOMER";
}
