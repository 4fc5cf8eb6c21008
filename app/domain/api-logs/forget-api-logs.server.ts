import type { Services } from "~/domain/services";

/** How long a call is kept. */
export const KEPT_DAYS = 30;

const BATCH = 5_000;
/** Batches of one run: a hundred times what a minute brings to a busy process, and over within the sweep's time. */
const MAX_BATCHES = 100;

/** Deletes calls older than 30 days, and the notes of what is missing, in batches that no other statement has to wait for. */
export async function forgetApiLogs(services: Services): Promise<void> {
  const before = new Date(services.clock.now().getTime() - KEPT_DAYS * 24 * 60 * 60_000);
  for (const [table, column] of [
    ["api_request_logs", "created_at"],
    ["api_request_log_gaps", "last_at"],
  ] as const) {
    for (let batches = 0; batches < MAX_BATCHES; batches++) {
      const [{ deleted } = { deleted: 0 }] = await services.db.query<{ deleted: number }>(
        `with gone as (delete from ${table} where ctid = any(array(
           select ctid from ${table} where ${column} < $1 limit ${BATCH})) returning 1)
         select count(*)::int4 as deleted from gone`,
        [before],
      );
      if (deleted < BATCH) break;
    }
  }
}
