-- Creates are written many at a time (app/db/shared-statement.server.ts), and so is what they change in the counters:
-- once for each counter and statement, not for each row. Updates of sessions stay with their trigger for each row,
-- whose WHEN costs those nothing that change nothing that is counted.
create function session_counters_apply_all() returns trigger
language plpgsql as $$
declare
  sign int := case when tg_op = 'INSERT' then 1 else -1 end;
begin
  insert into session_counters as c
    (application_id, mode, grain, bucket, status, provider, currency, payment_method, failure_reason, slot,
     merchant_id, sessions, amount, opened, forwarded)
  select s.application_id, s.mode, g.grain, date_trunc(g.grain::text, s.created_at, 'UTC') as begun, s.status,
         coalesce(s.provider_name, '') as name, s.currency, coalesce(s.payment_method, '') as method,
         case when s.status = 'FAILED' then coalesce(s.failure_reason, 'unknown') else '' end as reason,
         pg_backend_pid() % 32, s.merchant_id, sign * count(*), sign * sum(s.amount_total), sign * count(s.opened_at),
         sign * count(s.forwarded_at)
  from changed s
  cross join (values ('hour'::counter_grain), ('day'), ('month')) as g (grain)
  group by s.application_id, s.mode, g.grain, begun, s.status, name, s.currency, method, reason, s.merchant_id
  -- Always in one order, so that two transactions that share a slot wait instead of deadlocking.
  order by s.application_id, s.mode, g.grain, begun, s.status, name, s.currency, method, reason
  on conflict (application_id, mode, grain, bucket, status, provider, currency, payment_method, failure_reason, slot)
  do update set sessions = c.sessions + excluded.sessions, amount = c.amount + excluded.amount,
                opened = c.opened + excluded.opened, forwarded = c.forwarded + excluded.forwarded;
  return null;
end
$$;

drop trigger payment_sessions_counters on payment_sessions;
create trigger payment_sessions_counters
after insert on payment_sessions referencing new table as changed
for each statement execute function session_counters_apply_all();
create trigger payment_sessions_counters_delete
after delete on payment_sessions referencing old table as changed
for each statement execute function session_counters_apply_all();

-- An attempt gets its duration by an update.
create function duration_counters_attempts() returns trigger
language plpgsql as $$
begin
  insert into duration_counters as c
    (application_id, mode, kind, grain, bucket, provider, payment_method, step, slot, merchant_id, durations)
  select s.application_id, s.mode, 'create', g.grain, date_trunc(g.grain::text, s.created_at, 'UTC') as begun,
         d.provider, '', d.step, pg_backend_pid() % 32, s.merchant_id, sum(d.sign)
  from (
    select session_id, provider, duration_step(latency_ms) as step, 1 as sign
    from after_update where latency_ms is not null
    union all
    select session_id, provider, duration_step(latency_ms), -1
    from before_update where latency_ms is not null
  ) d
  join payment_sessions s on s.id = d.session_id
  cross join (values ('hour'::counter_grain), ('day')) as g (grain)
  group by s.application_id, s.mode, g.grain, begun, d.provider, d.step, s.merchant_id
  having sum(d.sign) <> 0
  order by s.application_id, s.mode, g.grain, begun, d.provider, d.step
  on conflict (application_id, mode, kind, grain, bucket, provider, payment_method, step, slot)
  do update set durations = c.durations + excluded.durations;
  return null;
end
$$;

drop trigger attempts_durations on attempts;
create trigger attempts_durations
after insert on attempts
for each row when (new.latency_ms is not null) execute function duration_counters_attempt();
create trigger attempts_durations_delete
after delete on attempts
for each row when (old.latency_ms is not null) execute function duration_counters_attempt();

drop trigger attempts_durations_update on attempts;
create trigger attempts_durations_update
after update on attempts referencing old table as before_update new table as after_update
for each statement execute function duration_counters_attempts();

-- As before (analytics_counters), in a language whose statements are planned once for each connection: one of SQL is
-- parsed and planned again in every transaction, which took three quarters of its time.
create or replace function duration_counters_add(
  s payment_sessions, kind duration_kind, provider text, payment_method text, step smallint, n bigint
) returns void
language plpgsql as $$
#variable_conflict use_column
begin
  insert into duration_counters as c
    (application_id, mode, kind, grain, bucket, provider, payment_method, step, slot, merchant_id, durations)
  select s.application_id, s.mode, kind, g.grain, date_trunc(g.grain::text, s.created_at, 'UTC'), provider,
         payment_method, step, pg_backend_pid() % 32, s.merchant_id, n
  from (values ('hour'::counter_grain), ('day')) as g (grain)
  order by g.grain
  on conflict (application_id, mode, kind, grain, bucket, provider, payment_method, step, slot)
  do update set durations = c.durations + excluded.durations;
end
$$;
