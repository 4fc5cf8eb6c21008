-- A try that was recorded wrote into six indexes. Now it writes into one, its own row's key: a delivery that is finished
-- is written anew in its own page (a HOT update: the page has room, and no index knows a column that changed), and its
-- row in the queue ends.
alter table webhook_delivery_attempts
  drop constraint webhook_delivery_attempts_pkey,
  alter column id drop not null;
alter table webhook_delivery_attempts
  add constraint webhook_delivery_attempts_pkey primary key using index webhook_delivery_attempts_delivery_id_number_key;
drop index webhook_delivery_attempts_started_at_idx;

create table webhook_due (
  delivery_id uuid primary key,
  lane uuid not null,
  next_attempt_at timestamptz(3),
  is_urgent boolean not null,
  failing_since timestamptz(3),
  session_id uuid,
  sequence integer
);
create index webhook_due_lane_next_attempt_at_idx on webhook_due (lane, next_attempt_at);
create index webhook_due_urgent on webhook_due (next_attempt_at) where is_urgent;
create index webhook_due_session on webhook_due (session_id, sequence) where session_id is not null;

-- Whatever writes a delivery's status, the queue follows in the same transaction, once for each statement. Nobody else
-- writes it, so its rows are locked by whoever has the delivery's. Plans are kept while the queue is small and used when
-- it is large: they never read over all of it.
create function webhook_due_follow() returns trigger
language plpgsql set enable_seqscan = off as $$
begin
  if tg_op = 'DELETE' then
    delete from webhook_due where delivery_id = any (array(select id from changed));
    return null;
  end if;
  if tg_op = 'UPDATE' then
    delete from webhook_due where delivery_id = any (array(select id from changed where status <> 'PENDING'));
    if not exists (select from changed where status = 'PENDING') then return null; end if;
  end if;
  insert into webhook_due as q (delivery_id, lane, next_attempt_at, is_urgent, failing_since, session_id, sequence)
  select d.id, d.lane, d.next_attempt_at, d.is_urgent, d.failing_since, v.session_id, v.sequence
    from changed d join webhook_events v on v.id = d.event_id where d.status = 'PENDING'
  on conflict (delivery_id) do update
    set lane = excluded.lane, next_attempt_at = excluded.next_attempt_at, is_urgent = excluded.is_urgent,
        failing_since = excluded.failing_since;
  return null;
end
$$;

create trigger webhook_deliveries_due_insert
after insert on webhook_deliveries referencing new table as changed
for each statement execute function webhook_due_follow();
create trigger webhook_deliveries_due_update
after update on webhook_deliveries referencing new table as changed
for each statement execute function webhook_due_follow();
create trigger webhook_deliveries_due_delete
after delete on webhook_deliveries referencing old table as changed
for each statement execute function webhook_due_follow();

insert into webhook_due (delivery_id, lane, next_attempt_at, is_urgent, failing_since, session_id, sequence)
select d.id, d.lane, d.next_attempt_at, d.is_urgent, d.failing_since, v.session_id, v.sequence
  from webhook_deliveries d join webhook_events v on v.id = d.event_id where d.status = 'PENDING';

-- Last, so that what is pending was found by its index.
drop index webhook_deliveries_due;
drop index webhook_deliveries_lanes;
drop index webhook_deliveries_urgent;
drop index webhook_deliveries_recovery;
create index webhook_deliveries_recovery on webhook_deliveries (recovery_id) where recovery_id is not null;
alter table webhook_deliveries set (fillfactor = 50);
