import { type KeyScope, takeOver } from "~/domain/idempotency/claimed-key.server";
import type { Services } from "~/domain/services";
import type { CreatePath } from "./created-answer.server";
import { runAttempts } from "./run-attempts.server";

/** Each may take as long as a create. */
const BATCH = 20;

/**
 * Keys whose owner died and that nobody asked for again: each goes on from its recovery point (api.md §5.2),
 * so that no session is left without an end and a late retry finds its answer. Gives what is to be done, one
 * piece a key; harmless to repeat.
 */
export async function unfinishedWork(services: Services): Promise<(() => Promise<void>)[]> {
  const rows = await services.db.query<KeyScope & { path: CreatePath | null }>(
    `select k.application_id as "applicationId", k.mode, k.key,
            (select a.data ->> 'path' from session_activities a
              where a.session_id = k.session_id and a.type = 'request' limit 1) as path
       from idempotency_keys k
      where k.recovery_point <> 'FINISHED' and k.locked_until <= $1
      order by k.locked_until limit ${BATCH}`,
    [services.clock.now()],
  );
  return rows.map(({ path, ...scope }) => async () => {
    const now = services.clock.now();
    const taken = await takeOver(services.db, scope, now);
    if (taken === null) return;
    await runAttempts({ ...taken, scope, startedAt: now, path: path ?? "/api/v1/sessions" }, services);
  });
}
