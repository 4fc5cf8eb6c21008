-- What the analytics page counts by, kept in the transaction that changes it: the counters get the payment method,
-- the failure reason and the steps of the funnel; durations get a histogram. Over the rows of a quarter with ten
-- million sessions each of these would take seconds.

-- CreateEnum
CREATE TYPE "duration_kind" AS ENUM ('create', 'pay');

-- AlterTable
ALTER TABLE "payment_sessions" ADD COLUMN     "forwarded_at" TIMESTAMPTZ(3),
ADD COLUMN     "opened_at" TIMESTAMPTZ(3);

-- AlterTable
ALTER TABLE "session_counters" DROP CONSTRAINT "session_counters_pkey",
ADD COLUMN     "failure_reason" TEXT NOT NULL DEFAULT '',
ADD COLUMN     "forwarded" BIGINT NOT NULL DEFAULT 0,
ADD COLUMN     "opened" BIGINT NOT NULL DEFAULT 0,
ADD COLUMN     "payment_method" TEXT NOT NULL DEFAULT '',
ADD CONSTRAINT "session_counters_pkey" PRIMARY KEY ("application_id", "mode", "grain", "bucket", "status", "provider", "currency", "payment_method", "failure_reason", "slot");

-- CreateTable
CREATE TABLE "duration_counters" (
    "application_id" UUID NOT NULL,
    "mode" "mode" NOT NULL,
    "kind" "duration_kind" NOT NULL,
    "grain" "counter_grain" NOT NULL,
    "bucket" TIMESTAMPTZ(3) NOT NULL,
    "provider" TEXT NOT NULL,
    "payment_method" TEXT NOT NULL,
    "step" SMALLINT NOT NULL,
    "slot" SMALLINT NOT NULL,
    "merchant_id" UUID NOT NULL,
    "durations" BIGINT NOT NULL DEFAULT 0,

    CONSTRAINT "duration_counters_pkey" PRIMARY KEY ("application_id","mode","kind","grain","bucket","provider","payment_method","step","slot")
);
alter table duration_counters set (fillfactor = 50);

-- The steps of the funnel that the timeline has kept.
update payment_sessions s set opened_at = a.opened_at, forwarded_at = a.forwarded_at
from (
  select session_id, min(occurred_at) filter (where type = 'checkout_opened') as opened_at,
         min(occurred_at) filter (where type = 'forwarded') as forwarded_at
  from session_activities where type in ('checkout_opened', 'forwarded') group by session_id
) a
where a.session_id = s.id;

-- As before (triggers_and_partial_indexes), with what is counted now.
create or replace function session_counters_apply() returns trigger
language plpgsql as $$
begin
  -- The rows that TG_OP does not have are null, and so is their created_at.
  insert into session_counters as c
    (application_id, mode, grain, bucket, status, provider, currency, payment_method, failure_reason, slot,
     merchant_id, sessions, amount, opened, forwarded)
  select d.application_id, d.mode, g.grain, date_trunc(g.grain::text, d.created_at, 'UTC'), d.status, d.provider,
         d.currency, d.payment_method, d.failure_reason, pg_backend_pid() % 32, d.merchant_id, sum(d.sign),
         sum(d.sign * d.amount), sum(d.sign * d.opened), sum(d.sign * d.forwarded)
  from (
    values
      (-1, old.application_id, old.mode, old.created_at, old.status, coalesce(old.provider_name, ''),
       old.currency, coalesce(old.payment_method, ''),
       case when old.status = 'FAILED' then coalesce(old.failure_reason, 'unknown') else '' end,
       old.merchant_id, old.amount_total, (old.opened_at is not null)::int, (old.forwarded_at is not null)::int),
      (1, new.application_id, new.mode, new.created_at, new.status, coalesce(new.provider_name, ''),
       new.currency, coalesce(new.payment_method, ''),
       case when new.status = 'FAILED' then coalesce(new.failure_reason, 'unknown') else '' end,
       new.merchant_id, new.amount_total, (new.opened_at is not null)::int, (new.forwarded_at is not null)::int)
  ) as d (sign, application_id, mode, created_at, status, provider, currency, payment_method, failure_reason,
          merchant_id, amount, opened, forwarded)
  cross join (values ('hour'::counter_grain), ('day'), ('month')) as g (grain)
  where d.created_at is not null
  group by d.application_id, d.mode, g.grain, d.created_at, d.status, d.provider, d.currency, d.payment_method,
           d.failure_reason, d.merchant_id
  -- Always in one order, so that two transactions that share a slot wait instead of deadlocking.
  order by g.grain, d.created_at, d.status, d.provider, d.currency, d.payment_method, d.failure_reason
  on conflict (application_id, mode, grain, bucket, status, provider, currency, payment_method, failure_reason, slot)
  do update set sessions = c.sessions + excluded.sessions, amount = c.amount + excluded.amount,
                opened = c.opened + excluded.opened, forwarded = c.forwarded + excluded.forwarded;
  return null;
end
$$;

drop trigger payment_sessions_counters_update on payment_sessions;
create trigger payment_sessions_counters_update
after update on payment_sessions
for each row
when ((old.application_id, old.mode, old.created_at, old.status, old.provider_name, old.currency, old.amount_total,
       old.payment_method, old.failure_reason, old.opened_at is null, old.forwarded_at is null)
  is distinct from
  (new.application_id, new.mode, new.created_at, new.status, new.provider_name, new.currency, new.amount_total,
   new.payment_method, new.failure_reason, new.opened_at is null, new.forwarded_at is null))
execute function session_counters_apply();

create or replace function session_counters_rebuild() returns void
language plpgsql as $$
begin
  lock table payment_sessions in share mode;
  delete from session_counters;
  insert into session_counters
    (application_id, mode, grain, bucket, status, provider, currency, payment_method, failure_reason, slot,
     merchant_id, sessions, amount, opened, forwarded)
  select s.application_id, s.mode, g.grain, date_trunc(g.grain::text, s.created_at, 'UTC') as bucket, s.status,
         coalesce(s.provider_name, '') as provider, s.currency, coalesce(s.payment_method, '') as method,
         case when s.status = 'FAILED' then coalesce(s.failure_reason, 'unknown') else '' end as reason, 0,
         s.merchant_id, count(*), sum(s.amount_total), count(s.opened_at), count(s.forwarded_at)
  from payment_sessions s
  cross join (values ('hour'::counter_grain), ('day'), ('month')) as g (grain)
  group by s.application_id, s.mode, g.grain, bucket, s.status, provider, s.currency, method, reason, s.merchant_id;
end
$$;

create or replace function session_counters_fold(began_before timestamptz) returns bigint
language plpgsql as $$
declare
  gone bigint;
begin
  with moved as (
    delete from session_counters where slot <> 0 and bucket < began_before returning *
  ), folded as (
    insert into session_counters as c
      (application_id, mode, grain, bucket, status, provider, currency, payment_method, failure_reason, slot,
       merchant_id, sessions, amount, opened, forwarded)
    select application_id, mode, grain, bucket, status, provider, currency, payment_method, failure_reason, 0,
           merchant_id, sum(sessions), sum(amount), sum(opened), sum(forwarded)
    from moved
    group by application_id, mode, grain, bucket, status, provider, currency, payment_method, failure_reason,
             merchant_id
    order by application_id, mode, grain, bucket, status, provider, currency, payment_method, failure_reason
    on conflict (application_id, mode, grain, bucket, status, provider, currency, payment_method, failure_reason, slot)
    do update set sessions = c.sessions + excluded.sessions, amount = c.amount + excluded.amount,
                  opened = c.opened + excluded.opened, forwarded = c.forwarded + excluded.forwarded
  )
  select count(*) into gone from moved;
  delete from session_counters
  where slot = 0 and sessions = 0 and amount = 0 and opened = 0 and forwarded = 0 and bucket < began_before;
  return gone;
end
$$;

-- Durations. The step's upper end is 1.1^step ms; what took less than a millisecond is in step 0.
create function duration_step(ms double precision) returns smallint
language sql immutable parallel safe as $$
  select greatest(0, ceil(ln(greatest(ms, 1)) / ln(1.1)))::smallint
$$;

-- What is counted of one session: (kind, provider, method, step, how many). Attempts are their session's.
create function duration_counters_of(s payment_sessions)
returns table (kind duration_kind, provider text, payment_method text, step smallint, durations bigint)
language sql stable as $$
  select 'create'::duration_kind, a.provider, '', duration_step(a.latency_ms), count(*)
  from attempts a where a.session_id = s.id and a.latency_ms is not null group by a.provider, duration_step(a.latency_ms)
  union all
  select 'pay', coalesce(s.provider_name, ''), coalesce(s.payment_method, ''),
         duration_step(1000 * extract(epoch from s.finished_at - s.created_at)::float8), 1
  where s.status = 'SUCCEEDED' and s.finished_at is not null
$$;

create function duration_counters_add(
  s payment_sessions, kind duration_kind, provider text, payment_method text, step smallint, n bigint
) returns void
language sql as $$
  insert into duration_counters as c
    (application_id, mode, kind, grain, bucket, provider, payment_method, step, slot, merchant_id, durations)
  select s.application_id, s.mode, kind, g.grain, date_trunc(g.grain::text, s.created_at, 'UTC'), provider,
         payment_method, step, pg_backend_pid() % 32, s.merchant_id, n
  from (values ('hour'::counter_grain), ('day')) as g (grain)
  order by g.grain
  on conflict (application_id, mode, kind, grain, bucket, provider, payment_method, step, slot)
  do update set durations = c.durations + excluded.durations
$$;

create function duration_counters_attempt() returns trigger
language plpgsql as $$
declare
  s payment_sessions;
begin
  -- Gone where the attempts go with their session: its own trigger has subtracted them.
  select * into s from payment_sessions where id = coalesce(new.session_id, old.session_id);
  if not found then return null; end if;
  if old.latency_ms is not null then
    perform duration_counters_add(s, 'create', old.provider, '', duration_step(old.latency_ms), -1);
  end if;
  if new.latency_ms is not null then
    perform duration_counters_add(s, 'create', new.provider, '', duration_step(new.latency_ms), 1);
  end if;
  return null;
end
$$;

create trigger attempts_durations
after insert or delete on attempts
for each row execute function duration_counters_attempt();
create trigger attempts_durations_update
after update on attempts
for each row when ((old.latency_ms, old.provider) is distinct from (new.latency_ms, new.provider))
execute function duration_counters_attempt();

create function duration_counters_paid() returns trigger
language plpgsql as $$
begin
  if old.status = 'SUCCEEDED' and old.finished_at is not null then
    perform duration_counters_add(old, 'pay', coalesce(old.provider_name, ''), coalesce(old.payment_method, ''),
      duration_step(1000 * extract(epoch from old.finished_at - old.created_at)::float8), -1);
  end if;
  if new.status = 'SUCCEEDED' and new.finished_at is not null then
    perform duration_counters_add(new, 'pay', coalesce(new.provider_name, ''), coalesce(new.payment_method, ''),
      duration_step(1000 * extract(epoch from new.finished_at - new.created_at)::float8), 1);
  end if;
  return null;
end
$$;

-- A session is nearly never made paid, but a restored or imported one is.
create trigger payment_sessions_durations
after insert on payment_sessions
for each row when (new.status = 'SUCCEEDED')
execute function duration_counters_paid();
create trigger payment_sessions_durations_update
after update on payment_sessions
for each row
when ((old.status = 'SUCCEEDED' or new.status = 'SUCCEEDED')
  and (old.status, old.finished_at, old.created_at, old.provider_name, old.payment_method)
    is distinct from (new.status, new.finished_at, new.created_at, new.provider_name, new.payment_method))
execute function duration_counters_paid();

-- Before the delete: the attempts, which go with the session, are still there.
create function duration_counters_gone() returns trigger
language plpgsql as $$
begin
  perform duration_counters_add(old, d.kind, d.provider, d.payment_method, d.step, -d.durations)
  from duration_counters_of(old) d;
  return old;
end
$$;
create trigger payment_sessions_durations_delete
before delete on payment_sessions
for each row execute function duration_counters_gone();

-- Counts again, for bulk loads with the triggers disabled.
create function duration_counters_rebuild() returns void
language plpgsql as $$
begin
  lock table payment_sessions, attempts in share mode;
  delete from duration_counters;
  insert into duration_counters
    (application_id, mode, kind, grain, bucket, provider, payment_method, step, slot, merchant_id, durations)
  select d.application_id, d.mode, d.kind, g.grain, date_trunc(g.grain::text, d.created_at, 'UTC') as bucket,
         d.provider, d.method, d.step, 0, d.merchant_id, count(*)
  from (
    select s.application_id, s.mode, s.merchant_id, s.created_at, 'create'::duration_kind as kind, a.provider,
           '' as method, duration_step(a.latency_ms) as step
    from attempts a join payment_sessions s on s.id = a.session_id where a.latency_ms is not null
    union all
    select s.application_id, s.mode, s.merchant_id, s.created_at, 'pay', coalesce(s.provider_name, ''),
           coalesce(s.payment_method, ''), duration_step(1000 * extract(epoch from s.finished_at - s.created_at)::float8)
    from payment_sessions s where s.status = 'SUCCEEDED' and s.finished_at is not null
  ) d
  cross join (values ('hour'::counter_grain), ('day')) as g (grain)
  group by d.application_id, d.mode, d.kind, g.grain, bucket, d.provider, d.method, d.step, d.merchant_id;
end
$$;

create function duration_counters_fold(began_before timestamptz) returns bigint
language plpgsql as $$
declare
  gone bigint;
begin
  with moved as (
    delete from duration_counters where slot <> 0 and bucket < began_before returning *
  ), folded as (
    insert into duration_counters as c
      (application_id, mode, kind, grain, bucket, provider, payment_method, step, slot, merchant_id, durations)
    select application_id, mode, kind, grain, bucket, provider, payment_method, step, 0, merchant_id, sum(durations)
    from moved
    group by application_id, mode, kind, grain, bucket, provider, payment_method, step, merchant_id
    order by application_id, mode, kind, grain, bucket, provider, payment_method, step
    on conflict (application_id, mode, kind, grain, bucket, provider, payment_method, step, slot)
    do update set durations = c.durations + excluded.durations
  )
  select count(*) into gone from moved;
  delete from duration_counters where slot = 0 and durations = 0 and bucket < began_before;
  return gone;
end
$$;

select session_counters_rebuild();
select duration_counters_rebuild();
