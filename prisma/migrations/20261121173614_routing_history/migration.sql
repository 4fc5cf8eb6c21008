-- Outages for the charts, and a decisions list whose counts and pages read one index alone.
CREATE TABLE "breaker_events" (
    "connection_id" UUID NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "state" "breaker_state" NOT NULL,
    "merchant_id" UUID NOT NULL,

    CONSTRAINT "breaker_events_pkey" PRIMARY KEY ("connection_id","at","state")
);

CREATE INDEX "breaker_events_at_idx" ON "breaker_events"("at");

-- Generated, so that whoever writes a decision cannot forget it.
ALTER TABLE "routing_decisions" ADD COLUMN "exclusions" SMALLINT
  GENERATED ALWAYS AS (jsonb_array_length(jsonb_path_query_array(receipt, '$.candidates[*] ? (@.excluded != null)'))) STORED;

DROP INDEX "routing_decisions_application_id_mode_created_at_idx";
CREATE INDEX "routing_decisions_list" ON "routing_decisions"("application_id", "mode", "created_at" DESC, "id" DESC, "segment", "chosen_connection_id", "explored", "exclusions");
