-- AlterTable
ALTER TABLE "audit_logs" ADD COLUMN     "position" BIGINT;

-- AlterTable
ALTER TABLE "user_sessions" ADD COLUMN     "support_visit_id" UUID;

-- CreateTable
CREATE TABLE "audit_heads" (
    "merchant_id" UUID NOT NULL,
    "position" BIGINT NOT NULL,
    "hash" BYTEA NOT NULL,

    CONSTRAINT "audit_heads_pkey" PRIMARY KEY ("merchant_id")
);

-- CreateIndex
CREATE UNIQUE INDEX "audit_logs_merchant_id_position_key" ON "audit_logs"("merchant_id", "position");

-- CreateIndex
CREATE INDEX "support_visits_staff_user_id_started_at_idx" ON "support_visits"("staff_user_id", "started_at" DESC);

-- The chain (docs/decisions/011): every line holds the hash of its merchant's line before.

-- What a line's hash is over. npm run audit:verify has the same text and does not ask this function.
create function audit_logs_content(entry audit_logs) returns text
language sql stable as $$
  select jsonb_build_array('v1', entry.position, entry.id, entry.merchant_id, entry.actor_kind, entry.actor_id,
    entry.actor_label, entry.action, entry.target_type, entry.target_id, entry.target_label, entry.before, entry.after,
    entry.ip, entry.user_agent, entry.request_id, (extract(epoch from entry.created_at) * 1000)::bigint)::text
$$;

-- The head's row is locked from here to the end of the transaction: lines of one merchant queue up, those of others
-- do not. Writing the line is the last thing that commands do.
create function audit_logs_chain() returns trigger
language plpgsql as $$
declare
  chain uuid := coalesce(new.merchant_id, '00000000-0000-0000-0000-000000000000');
begin
  select position + 1, hash into new.position, new.previous_hash
    from audit_heads where merchant_id = chain for update;
  if not found then
    insert into audit_heads (merchant_id, position, hash) values (chain, 0, '') on conflict (merchant_id) do nothing;
    select position + 1, hash into new.position, new.previous_hash
      from audit_heads where merchant_id = chain for update;
  end if;
  new.hash := sha256(new.previous_hash || convert_to(audit_logs_content(new), 'UTF8'));
  update audit_heads set position = new.position, hash = new.hash where merchant_id = chain;
  return new;
end
$$;

-- Lines from before the chain get their place in it.
alter table audit_logs disable trigger audit_logs_append_only;
do $$
declare
  entry audit_logs;
  chain uuid;
begin
  for entry in select * from audit_logs order by created_at, id loop
    chain := coalesce(entry.merchant_id, '00000000-0000-0000-0000-000000000000');
    insert into audit_heads (merchant_id, position, hash) values (chain, 0, '') on conflict (merchant_id) do nothing;
    select position + 1, hash into entry.position, entry.previous_hash from audit_heads where merchant_id = chain;
    entry.hash := sha256(entry.previous_hash || convert_to(audit_logs_content(entry), 'UTF8'));
    update audit_logs set position = entry.position, previous_hash = entry.previous_hash, hash = entry.hash
      where id = entry.id;
    update audit_heads set position = entry.position, hash = entry.hash where merchant_id = chain;
  end loop;
end
$$;
alter table audit_logs enable trigger audit_logs_append_only;

create trigger audit_logs_chain
before insert on audit_logs
for each row execute function audit_logs_chain();
