-- What schema.prisma cannot say. Prisma's diff sees none of it.

-- Rows that are rewritten all the time: room on the page keeps the updates HOT.
alter table routing_cells set (fillfactor = 50);
alter table session_counters set (fillfactor = 50);

-- The sweepers look at the few rows that are not finished.
create index payment_sessions_open on payment_sessions (expires_at)
  where status in ('PENDING', 'REQUIRES_ACTION', 'PROCESSING');
create index webhook_deliveries_due on webhook_deliveries (next_attempt_at)
  where status = 'PENDING';
create index inbound_events_unapplied on inbound_events (received_at)
  where applied_at is null;
create index idempotency_keys_unfinished on idempotency_keys (locked_until)
  where recovery_point <> 'FINISHED';

-- The unique constraint on (event_id, endpoint_id) does not see null endpoints: an event goes to a
-- session's own callbackUrl once, too.
create unique index webhook_deliveries_callback on webhook_deliveries (event_id)
  where endpoint_id is null;

-- Counters (reliability.md, "Counts and deep pages stay flat"): one row per bucket, status, provider,
-- currency and slot. The slot follows the connection, so that connections do not queue for one hot row;
-- the true number is the sum over the slots, a single slot may be negative. One statement per changed
-- row: a change is -1 where the session was and +1 where it is.
create function session_counters_apply() returns trigger
language plpgsql as $$
begin
  -- The rows that TG_OP does not have are null, and so is their created_at.
  insert into session_counters as c
    (application_id, mode, grain, bucket, status, provider, currency, slot, merchant_id, sessions, amount)
  select d.application_id, d.mode, g.grain, date_trunc(g.grain::text, d.created_at, 'UTC'), d.status, d.provider,
         d.currency, pg_backend_pid() % 32, d.merchant_id, sum(d.sign), sum(d.sign * d.amount)
  from (
    values
      (-1, old.application_id, old.mode, old.created_at, old.status, coalesce(old.provider_name, ''),
       old.currency, old.merchant_id, old.amount_total),
      (1, new.application_id, new.mode, new.created_at, new.status, coalesce(new.provider_name, ''),
       new.currency, new.merchant_id, new.amount_total)
  ) as d (sign, application_id, mode, created_at, status, provider, currency, merchant_id, amount)
  cross join (values ('hour'::counter_grain), ('day'), ('month')) as g (grain)
  where d.created_at is not null
  group by d.application_id, d.mode, g.grain, d.created_at, d.status, d.provider, d.currency, d.merchant_id
  -- Always in one order, so that two transactions that share a slot wait instead of deadlocking.
  order by g.grain, d.created_at, d.status, d.provider, d.currency
  on conflict (application_id, mode, grain, bucket, status, provider, currency, slot)
  do update set sessions = c.sessions + excluded.sessions, amount = c.amount + excluded.amount;
  return null;
end
$$;

create trigger payment_sessions_counters
after insert or delete on payment_sessions
for each row execute function session_counters_apply();

-- Most updates touch nothing that is counted: WHEN is checked before the function is called.
create trigger payment_sessions_counters_update
after update on payment_sessions
for each row
when ((old.application_id, old.mode, old.created_at, old.status, old.provider_name, old.currency, old.amount_total)
  is distinct from
  (new.application_id, new.mode, new.created_at, new.status, new.provider_name, new.currency, new.amount_total))
execute function session_counters_apply();

-- Counts again from the sessions, for bulk loads with the triggers disabled. Writers wait meanwhile.
create function session_counters_rebuild() returns void
language plpgsql as $$
begin
  lock table payment_sessions in share mode;
  delete from session_counters;
  insert into session_counters
    (application_id, mode, grain, bucket, status, provider, currency, slot, merchant_id, sessions, amount)
  select s.application_id, s.mode, g.grain, date_trunc(g.grain::text, s.created_at, 'UTC') as bucket, s.status,
         coalesce(s.provider_name, '') as provider, s.currency, 0, s.merchant_id, count(*), sum(s.amount_total)
  from payment_sessions s
  cross join (values ('hour'::counter_grain), ('day'), ('month')) as g (grain)
  group by s.application_id, s.mode, g.grain, bucket, s.status, coalesce(s.provider_name, ''), s.currency,
           s.merchant_id;
end
$$;

-- Folds the slots of buckets that began before a time into slot 0 and drops what came to nothing.
-- Returns how many rows went. The numbers do not change for anybody who reads meanwhile.
create function session_counters_fold(began_before timestamptz) returns bigint
language plpgsql as $$
declare
  gone bigint;
begin
  with moved as (
    delete from session_counters where slot <> 0 and bucket < began_before returning *
  ), folded as (
    insert into session_counters as c
      (application_id, mode, grain, bucket, status, provider, currency, slot, merchant_id, sessions, amount)
    select application_id, mode, grain, bucket, status, provider, currency, 0, merchant_id, sum(sessions), sum(amount)
    from moved
    group by application_id, mode, grain, bucket, status, provider, currency, merchant_id
    order by application_id, mode, grain, bucket, status, provider, currency
    on conflict (application_id, mode, grain, bucket, status, provider, currency, slot)
    do update set sessions = c.sessions + excluded.sessions, amount = c.amount + excluded.amount
  )
  select count(*) into gone from moved;
  delete from session_counters where slot = 0 and sessions = 0 and amount = 0 and bucket < began_before;
  return gone;
end
$$;

-- The audit log only grows. A statement trigger: it refuses even what would touch no row.
create function audit_logs_refuse() returns trigger
language plpgsql as $$
begin
  raise exception 'audit_logs is append only: % refused', tg_op using errcode = 'insufficient_privilege';
end
$$;

create trigger audit_logs_append_only
before update or delete or truncate on audit_logs
for each statement execute function audit_logs_refuse();
