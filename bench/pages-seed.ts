import type { Client } from "pg";

/** Whose rows, and what a real session of theirs looks like: its decision's receipt and connections are used again. */
export interface SeedScope {
  merchantId: string;
  applicationId: string;
  mode: "test";
  /** A session that the product itself made. */
  sessionId: string;
}

/** Spread over so many days before now. */
const DAYS = 90;
const SEGMENTS = ["card:AUD", "card:JPY", "mpesa_stk:KES", "card:KWD"];

/**
 * Fills payment_sessions, attempts, routing_decisions, session_activities and the score history with what `sessions`
 * creates would have left: in a few statements, without triggers and with the indexes made at the end, so that ten
 * million take minutes. Counts once at the end. Needs a superuser, and says what each step takes.
 */
export async function seedSessions(client: Client, scope: SeedScope, sessions: number): Promise<void> {
  const { merchantId, applicationId, mode, sessionId } = scope;
  const step = (DAYS * 86_400_000) / sessions;
  await client.query("set synchronous_commit = off");
  await client.query("set maintenance_work_mem = '512MB'");
  await client.query("set work_mem = '256MB'");
  // Neither ours nor those of foreign keys: what is made here refers to what is made here.
  await client.query("set session_replication_role = replica");
  const indexes = await dropIndexes(client);
  const run = async (what: string, text: string, values?: unknown[]) => {
    const started = performance.now();
    await client.query(text, values);
    console.log(`  ${what}: ${((performance.now() - started) / 1000).toFixed(1)} s`);
  };

  // Each row's numbers come from its place: two runs fill alike. `h` is spread evenly over 0 to 999.
  await run(
    "their numbers",
    `create unlogged table seeded as
     with connections as (
       select array_agg(id order by provider) as ids, array_agg(provider order by provider) as names
       from provider_connections where application_id = $1 and mode = $2::mode
     )
     select i, at, h,
       (lpad(to_hex((extract(epoch from at) * 1000)::int8), 12, '0') || '7' || lpad(to_hex(i % 4096), 3, '0')
         || 'a' || lpad(to_hex(i), 15, '0'))::uuid as id,
       c.ids[1 + h % 2] as connection_id, c.names[1 + h % 2] as provider,
       case when h < 850 then 'SUCCEEDED' when h < 915 then 'FAILED' when h < 994 then 'EXPIRED' when h < 997 then 'PENDING'
            when h < 999 then 'REQUIRES_ACTION' else 'PROCESSING' end::session_status as status,
       case when i % 10 < 8 then 'card' else 'mpesa_stk' end as method,
       (array['AUD','AUD','AUD','AUD','AUD','AUD','JPY','KWD','KES','KES'])[1 + i % 10] as currency,
       (array['insufficient_funds','card_declined','three_d_secure_failed','cancelled_by_customer','card_expired',
              'processing_error'])[1 + i % 6] as reason
     from generate_series(1, $3::int8) i
     cross join lateral (
       select now() - ($3 - i + 1) * $4::float8 * interval '1 millisecond' as at, (hashint8(i) & 2147483647) % 1000 as h
     ) r
     cross join connections c`,
    [applicationId, mode, sessions, step],
  );
  await run(
    "payment_sessions",
    `insert into payment_sessions (id, merchant_id, application_id, mode, status, payment_method, allowed_payment_methods,
       order_reference, currency, amount_total, locale, customer_email, customer, order_items, success_url, failure_url,
       checkout_reference, connection_id, provider_name, provider_reference, score, failure_reason, event_sequence,
       opened_at, forwarded_at, expires_at, finished_at, created_at, updated_at)
     select s.id, $1, $2, $3::mode, s.status, s.method, array[s.method], 'ORD-' || (s.i - s.i % 3), s.currency, 500 + s.h * 37,
       t.locale, 'customer' || s.i % 200000 || '@example.test', t.customer, t.order_items, t.success_url, t.failure_url,
       'chk_bench' || s.i, s.connection_id, s.provider, 'sim_' || s.i, 80 + s.h / 50.0,
       case s.status when 'FAILED' then s.reason when 'EXPIRED' then 'expired' end, 2,
       case when s.h < 975 then s.at + interval '9 seconds' end, case when s.h < 950 then s.at + interval '20 seconds' end,
       s.at + interval '1 hour', case when s.h < 994 then s.at + (20 + s.h % 100) * interval '1 second' end, s.at, s.at
     from seeded s, payment_sessions t where t.id = $4`,
    [merchantId, applicationId, mode, sessionId],
  );
  await run(
    "attempts",
    `insert into attempts (id, merchant_id, session_id, number, connection_id, provider, status, provider_idempotency_key,
       provider_reference, http_status, latency_ms, started_at, finished_at)
     select id, $1, id, 1, connection_id, provider, 'ACCEPTED', id || '-1', 'sim_' || i, 201, 300 + h, at, at from seeded`,
    [merchantId],
  );
  await run(
    "routing_decisions",
    `insert into routing_decisions (id, merchant_id, application_id, mode, session_id, segment, config_version,
       chosen_connection_id, chosen_score, explored, receipt, created_at)
     select s.id, $1, $2, $3::mode, s.id, s.method || ':' || s.currency, d.config_version, s.connection_id, 80 + s.h / 50.0,
       s.h % 20 = 0, d.receipt, s.at
     from seeded s, (select * from routing_decisions where session_id = $4 limit 1) d`,
    [merchantId, applicationId, mode, sessionId],
  );
  await run(
    "session_activities",
    `insert into session_activities (id, merchant_id, session_id, type, occurred_at, data)
     select id, $1, id, 'request', at, '{"method": "POST", "path": "/api/v1/sessions", "status": 201, "durationMs": 400}' from seeded`,
    [merchantId],
  );
  await run(
    "routing_scores",
    `insert into routing_scores (connection_id, segment, grain, at, merchant_id, score, success_rate, cost, speed, availability, chosen)
     select c.id, segment, grain::score_grain, at, $1, 90, .93, .99, .99, .999, 10
     from provider_connections c, unnest($3::text[]) segment,
       (select 'minute' as grain, generate_series(now() - interval '2 days', now(), '1 minute') as at
        union all select 'hour', generate_series(now() - interval '90 days', now(), '1 hour')) b
     where c.application_id = $2 and c.mode = $4::mode`,
    [merchantId, applicationId, SEGMENTS, mode],
  );
  await run("indexes", `drop table seeded; ${indexes.join(";")}`);
  await client.query("set session_replication_role = origin");
  await run("counters", "select session_counters_rebuild(), duration_counters_rebuild()");
  // Side by side in the order of their time, as the product writes them.
  for (const table of ["session_counters", "duration_counters"])
    await run(`${table} in order`, `cluster ${table} using ${table}_pkey`);
  await run("vacuum", "vacuum analyze");
}

/** Drops all that are neither a primary key nor a constraint's; how to make them again. */
async function dropIndexes(client: Client): Promise<string[]> {
  const { rows } = await client.query<{ name: string; definition: string }>(
    `select i.indexrelid::regclass::text as name, pg_get_indexdef(i.indexrelid) as definition from pg_index i
      where i.indrelid = any(array['payment_sessions', 'attempts', 'routing_decisions', 'session_activities']::regclass[])
        and not exists (select from pg_constraint where conindid = i.indexrelid)`,
  );
  for (const { name } of rows) await client.query(`drop index ${name}`);
  return rows.map(({ definition }) => definition);
}
