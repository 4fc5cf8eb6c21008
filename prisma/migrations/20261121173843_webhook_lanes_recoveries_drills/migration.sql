-- CreateEnum
CREATE TYPE "recovery_status" AS ENUM ('RUNNING', 'DONE', 'STOPPED');

-- CreateEnum
CREATE TYPE "drill_status" AS ENUM ('RUNNING', 'DONE');

-- AlterTable
ALTER TABLE "applications" ADD COLUMN     "unfulfilled_counted_from" TIMESTAMPTZ(3);

-- AlterTable
ALTER TABLE "webhook_deliveries" ADD COLUMN     "failed_tries" INTEGER NOT NULL DEFAULT 0,
ADD COLUMN     "failing_since" TIMESTAMPTZ(3),
ADD COLUMN     "is_urgent" BOOLEAN NOT NULL DEFAULT false,
ADD COLUMN     "lane" UUID,
ADD COLUMN     "recovery_id" UUID;

-- CreateTable
CREATE TABLE "webhook_lanes" (
    "lane" UUID NOT NULL,
    "owner" UUID NOT NULL,
    "leased_until" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "webhook_lanes_pkey" PRIMARY KEY ("lane")
);

-- CreateTable
CREATE TABLE "webhook_circuits" (
    "lane" UUID NOT NULL,
    "merchant_id" UUID NOT NULL,
    "endpoint_id" UUID,
    "failures" INTEGER NOT NULL DEFAULT 0,
    "failing_since" TIMESTAMPTZ(3) NOT NULL,
    "opened_at" TIMESTAMPTZ(3),
    "open_until" TIMESTAMPTZ(3),
    "openings" INTEGER NOT NULL DEFAULT 0,
    "last_error" TEXT,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "webhook_circuits_pkey" PRIMARY KEY ("lane")
);

-- CreateTable
CREATE TABLE "webhook_recoveries" (
    "id" UUID NOT NULL,
    "merchant_id" UUID NOT NULL,
    "endpoint_id" UUID NOT NULL,
    "status" "recovery_status" NOT NULL DEFAULT 'RUNNING',
    "since" TIMESTAMPTZ(3) NOT NULL,
    "until" TIMESTAMPTZ(3) NOT NULL,
    "include_delivered" BOOLEAN NOT NULL DEFAULT false,
    "total_events" INTEGER NOT NULL,
    "examined_events" INTEGER NOT NULL DEFAULT 0,
    "queued_deliveries" INTEGER NOT NULL DEFAULT 0,
    "cursor_created_at" TIMESTAMPTZ(3),
    "cursor_event_id" UUID,
    "requested_by_id" UUID,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "finished_at" TIMESTAMPTZ(3),

    CONSTRAINT "webhook_recoveries_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "webhook_drills" (
    "id" UUID NOT NULL,
    "merchant_id" UUID NOT NULL,
    "endpoint_id" UUID NOT NULL,
    "url" TEXT NOT NULL,
    "status" "drill_status" NOT NULL DEFAULT 'RUNNING',
    "steps" JSONB NOT NULL DEFAULT '[]',
    "requested_by_id" UUID,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "finished_at" TIMESTAMPTZ(3),

    CONSTRAINT "webhook_drills_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "webhook_lanes_leased_until_idx" ON "webhook_lanes"("leased_until");

-- CreateIndex
CREATE INDEX "webhook_recoveries_endpoint_id_created_at_idx" ON "webhook_recoveries"("endpoint_id", "created_at" DESC);

-- CreateIndex
CREATE INDEX "webhook_drills_endpoint_id_created_at_idx" ON "webhook_drills"("endpoint_id", "created_at" DESC);

-- What schema.prisma cannot say.

-- A lane: an endpoint, or the origin of a merchant's callbacks.
create function webhook_lane(endpoint_id uuid, merchant_id uuid, url text) returns uuid
language sql immutable as $$
  select coalesce(endpoint_id, md5(merchant_id::text || ' ' || coalesce(substring(url from '^[a-z]+://[^/?#]+'), ''))::uuid)
$$;

update webhook_deliveries set lane = webhook_lane(endpoint_id, merchant_id, url);
-- Those under way go on in the schedule where they are.
update webhook_deliveries set failed_tries = attempt_count, failing_since = created_at
  where status = 'PENDING' and attempt_count > 0;

-- In a trigger, so that rows of a version before this one have a lane too.
create function webhook_deliveries_lane() returns trigger
language plpgsql as $$
begin
  new.lane := webhook_lane(new.endpoint_id, new.merchant_id, new.url);
  return new;
end
$$;

create trigger webhook_deliveries_lane
before insert on webhook_deliveries
for each row when (new.lane is null) execute function webhook_deliveries_lane();

-- Claiming: the lanes that have something to send, and what is due in each.
create index webhook_deliveries_lanes on webhook_deliveries (lane, next_attempt_at)
  where status = 'PENDING';
-- Claiming: what somebody waits for.
create index webhook_deliveries_urgent on webhook_deliveries (next_attempt_at)
  where status = 'PENDING' and is_urgent;
-- How far a recovery is.
create index webhook_deliveries_recovery on webhook_deliveries (recovery_id, status)
  where recovery_id is not null;

-- Paid and not acknowledged: the overview and the filter of the sessions list.
create index payment_sessions_unfulfilled on payment_sessions (application_id, mode, finished_at)
  where status = 'SUCCEEDED' and fulfilled_at is null;
