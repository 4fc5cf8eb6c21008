import type { Services } from "~/domain/services";
import type { Readings } from "~/lib/telemetry";

/** What the database knows of itself, for one look of Prometheus. Nothing in it names a merchant. */
export async function readReadings(
  { db, clock }: Pick<Services, "db" | "clock">,
  jobs: { states(): Promise<Readings["jobs"]> },
): Promise<Readings> {
  const [states, [webhooks], sessions] = await Promise.all([
    jobs.states(),
    db.query<{ pending: number; oldestDueSeconds: number }>(
      `select count(*)::int4 as pending,
              coalesce(extract(epoch from $1::timestamptz - min(next_attempt_at) filter (where next_attempt_at <= $1)), 0)::float8
                as "oldestDueSeconds"
         from webhook_due`,
      [clock.now()],
    ),
    db.query<{ provider: string; mode: string; status: string; count: number }>(
      `select provider, mode::text as mode, status::text as status, sum(sessions)::float8 as count
         from session_counters where grain = 'month' group by provider, mode, status`,
    ),
  ]);
  return {
    jobs: states,
    webhooks: webhooks ?? { pending: 0, oldestDueSeconds: 0 },
    sessions,
  };
}
