-- The few rows that are still spread over slots: the sweep folds those whose time is over.
create index session_counters_unfolded on session_counters (bucket) where slot <> 0;

-- Folds the slots of buckets that ended before a time into slot 0, at most so many rows, oldest first; those that
-- somebody writes at the moment are left for the next time. What came to nothing goes. Returns how many rows were
-- folded. The numbers do not change for anybody who reads meanwhile.
create function session_counters_fold_ended(ended_before timestamptz, at_most integer) returns integer
language plpgsql as $$
declare
  gone integer;
  empty_rows tid[];
begin
  with picked as (
    select ctid from session_counters
    where slot <> 0 and bucket < ended_before
      and bucket + (case grain when 'hour' then interval '1 hour' when 'day' then interval '1 day' else interval '1 month' end)
          <= ended_before
    order by bucket limit at_most for update skip locked
  ), moved as (
    delete from session_counters where ctid = any(array(select ctid from picked)) returning *
  ), folded as (
    insert into session_counters as c
      (application_id, mode, grain, bucket, status, provider, currency, slot, merchant_id, sessions, amount)
    select application_id, mode, grain, bucket, status, provider, currency, 0, merchant_id, sum(sessions), sum(amount)
    from moved
    group by application_id, mode, grain, bucket, status, provider, currency, merchant_id
    order by application_id, mode, grain, bucket, status, provider, currency
    on conflict (application_id, mode, grain, bucket, status, provider, currency, slot)
    do update set sessions = c.sessions + excluded.sessions, amount = c.amount + excluded.amount
    returning c.ctid as place, c.sessions, c.amount
  )
  select (select count(*) from moved), array_agg(place) filter (where sessions = 0 and amount = 0)
  into gone, empty_rows from folded;
  delete from session_counters where ctid = any(empty_rows) and slot = 0 and sessions = 0 and amount = 0;
  return gone;
end
$$;
