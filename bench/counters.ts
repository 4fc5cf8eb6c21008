import pg from "pg";

/**
 * Where the counters say something else than the sessions: a line for each grain and status, none when all is well.
 * Reads every session.
 */
export async function counterFaults(client: pg.Client): Promise<string[]> {
  const { rows } = await client.query<{ grain: string; status: string; counted: string; grouped: string }>(
    `with grains as (select unnest(enum_range(null::counter_grain)) as grain),
     counted as (
       select grain, status, sum(sessions) as n, sum(amount) as amount, sum(opened) as opened, sum(forwarded) as forwarded
         from session_counters group by 1, 2),
     grouped as (
       select status, count(*) as n, sum(amount_total) as amount, count(opened_at) as opened, count(forwarded_at) as forwarded
         from payment_sessions group by 1)
     select grain::text, status::text, coalesce(c.n, 0)::text as counted, coalesce(g.n, 0)::text as grouped
       from (select * from grains cross join grouped) g full join counted c using (grain, status)
      where (coalesce(c.n, 0), coalesce(c.amount, 0), coalesce(c.opened, 0), coalesce(c.forwarded, 0))
         <> (coalesce(g.n, 0), coalesce(g.amount, 0), coalesce(g.opened, 0), coalesce(g.forwarded, 0))`,
  );
  return rows.map(
    ({ grain, status, counted, grouped }) =>
      `${status} by ${grain}: counted ${counted}, there are ${grouped}`,
  );
}

/** At the end of a bench. @throws Error when the counters do not equal GROUP BY. */
export async function checkCounters(databaseUrl: string): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    const faults = await counterFaults(client);
    if (faults.length > 0) throw new Error(`the counters are wrong: ${faults.join("; ")}`);
    console.log("counters equal GROUP BY");
  } finally {
    await client.end();
  }
}
