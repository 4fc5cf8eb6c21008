import type { SqlExecutor } from "~/db/database";
import { newId } from "~/lib/ids";

export type ActivityType =
  | "request"
  | "checkout_opened"
  | "method_chosen"
  | "forwarded"
  | "returned"
  | "cancelled"
  | "provider_event"
  | "status_changed"
  | "expire_requested"
  | "resynced";

/** Adds one line to a session's timeline. */
export async function recordActivity(
  tx: SqlExecutor,
  session: { id: string; merchantId: string },
  type: ActivityType,
  data: Record<string, unknown>,
  now: Date,
): Promise<void> {
  await tx.query(
    `insert into session_activities (id, merchant_id, session_id, type, occurred_at, data) values ($1, $2, $3, $4, $5, $6)`,
    [newId(), session.merchantId, session.id, type, now, data],
  );
}
