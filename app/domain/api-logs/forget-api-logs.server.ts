import { inTurns, SHARE_MS } from "~/domain/maintenance/in-turns";
import type { Services } from "~/domain/services";

/** How long a call is kept. */
export const KEPT_DAYS = 30;

const BATCH = 5_000;

/** Deletes calls older than 30 days, and the notes of what is missing, in batches that no other statement has to wait for. */
export async function forgetApiLogs(services: Pick<Services, "db" | "clock">): Promise<void> {
  const before = new Date(services.clock.now().getTime() - KEPT_DAYS * 24 * 60 * 60_000);
  const work = [
    ["api_request_logs", "created_at"],
    ["api_request_log_gaps", "last_at"],
  ].map(([table, column]) => async () => {
    const [{ deleted } = { deleted: 0 }] = await services.db.query<{ deleted: number }>(
      `with gone as (delete from ${table} where ctid = any(array(
         select ctid from ${table} where ${column} < $1 limit ${BATCH})) returning 1)
       select count(*)::int4 as deleted from gone`,
      [before],
    );
    return deleted === BATCH;
  });
  await inTurns(work, work.length * SHARE_MS);
}
