-- CreateEnum
CREATE TYPE "mode" AS ENUM ('test', 'live');

-- CreateEnum
CREATE TYPE "role" AS ENUM ('owner', 'admin', 'developer', 'support', 'viewer');

-- CreateEnum
CREATE TYPE "session_status" AS ENUM ('PENDING', 'REQUIRES_ACTION', 'PROCESSING', 'SUCCEEDED', 'FAILED', 'EXPIRED');

-- CreateEnum
CREATE TYPE "attempt_status" AS ENUM ('STARTED', 'ACCEPTED', 'REFUSED', 'TIMED_OUT', 'UNKNOWN');

-- CreateEnum
CREATE TYPE "recovery_point" AS ENUM ('STARTED', 'SESSION_CREATED', 'PROVIDER_ANSWERED', 'FINISHED');

-- CreateEnum
CREATE TYPE "delivery_status" AS ENUM ('PENDING', 'DELIVERED', 'FAILED', 'CANCELLED');

-- CreateEnum
CREATE TYPE "breaker_state" AS ENUM ('CLOSED', 'OPEN');

-- CreateEnum
CREATE TYPE "routing_outcome_kind" AS ENUM ('PAID', 'DECLINED', 'CUSTOMER', 'EXPIRED');

-- CreateEnum
CREATE TYPE "counter_grain" AS ENUM ('hour', 'day', 'month');

-- CreateEnum
CREATE TYPE "score_grain" AS ENUM ('minute', 'hour');

-- CreateEnum
CREATE TYPE "actor_kind" AS ENUM ('user', 'staff', 'api_key', 'system');

-- CreateTable
CREATE TABLE "merchants" (
    "id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "time_zone" TEXT NOT NULL DEFAULT 'UTC',
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "merchants_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "users" (
    "id" UUID NOT NULL,
    "email" TEXT NOT NULL,
    "first_name" TEXT NOT NULL,
    "last_name" TEXT NOT NULL,
    "password_hash" TEXT NOT NULL,
    "password_changed_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "is_staff" BOOLEAN NOT NULL DEFAULT false,
    "time_zone" TEXT,
    "totp_secret_encrypted" BYTEA,
    "totp_enabled_at" TIMESTAMPTZ(3),
    "totp_last_step" BIGINT,
    "disabled_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "users_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "memberships" (
    "merchant_id" UUID NOT NULL,
    "user_id" UUID NOT NULL,
    "role" "role" NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "memberships_pkey" PRIMARY KEY ("merchant_id","user_id")
);

-- CreateTable
CREATE TABLE "invitations" (
    "id" UUID NOT NULL,
    "merchant_id" UUID,
    "email" TEXT NOT NULL,
    "role" "role" NOT NULL,
    "token_hash" BYTEA NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "accepted_at" TIMESTAMPTZ(3),
    "revoked_at" TIMESTAMPTZ(3),
    "invited_by_id" UUID,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "invitations_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "user_sessions" (
    "id" UUID NOT NULL,
    "user_id" UUID NOT NULL,
    "merchant_id" UUID,
    "token_hash" BYTEA NOT NULL,
    "ip" TEXT,
    "user_agent" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "last_seen_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "reauthenticated_at" TIMESTAMPTZ(3),

    CONSTRAINT "user_sessions_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "refresh_tokens" (
    "id" UUID NOT NULL,
    "user_id" UUID NOT NULL,
    "merchant_id" UUID NOT NULL,
    "family_id" UUID NOT NULL,
    "token_hash" BYTEA NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "spent_at" TIMESTAMPTZ(3),
    "revoked_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "refresh_tokens_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "user_tokens" (
    "id" UUID NOT NULL,
    "user_id" UUID NOT NULL,
    "purpose" TEXT NOT NULL,
    "token_hash" BYTEA NOT NULL,
    "new_email" TEXT,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "used_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "user_tokens_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "recovery_codes" (
    "user_id" UUID NOT NULL,
    "code_hash" BYTEA NOT NULL,
    "used_at" TIMESTAMPTZ(3),

    CONSTRAINT "recovery_codes_pkey" PRIMARY KEY ("user_id","code_hash")
);

-- CreateTable
CREATE TABLE "rate_limits" (
    "key" TEXT NOT NULL,
    "points" INTEGER NOT NULL,
    "expire" BIGINT,

    CONSTRAINT "rate_limits_pkey" PRIMARY KEY ("key")
);

-- CreateTable
CREATE TABLE "applications" (
    "id" UUID NOT NULL,
    "merchant_id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "description" TEXT,
    "is_enabled" BOOLEAN NOT NULL DEFAULT true,
    "archived_at" TIMESTAMPTZ(3),
    "time_zone" TEXT,
    "logo_url" TEXT,
    "accent_color" TEXT,
    "callback_secret_encrypted" BYTEA,
    "unfulfilled_after_minutes" INTEGER,
    "retention_days" INTEGER,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "applications_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "api_keys" (
    "id" UUID NOT NULL,
    "merchant_id" UUID NOT NULL,
    "application_id" UUID NOT NULL,
    "mode" "mode" NOT NULL,
    "description" TEXT NOT NULL,
    "key_hash" BYTEA NOT NULL,
    "key_prefix" TEXT NOT NULL,
    "expires_at" TIMESTAMPTZ(3),
    "revoked_at" TIMESTAMPTZ(3),
    "revoked_by_id" UUID,
    "rolled_to_id" UUID,
    "last_used_at" TIMESTAMPTZ(3),
    "last_used_ip" TEXT,
    "created_by_id" UUID,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "api_keys_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "provider_connections" (
    "id" UUID NOT NULL,
    "merchant_id" UUID NOT NULL,
    "application_id" UUID NOT NULL,
    "mode" "mode" NOT NULL,
    "provider" TEXT NOT NULL,
    "is_active" BOOLEAN NOT NULL DEFAULT true,
    "archived_at" TIMESTAMPTZ(3),
    "payment_methods" TEXT[],
    "currencies" TEXT[],
    "countries" TEXT[] DEFAULT ARRAY[]::TEXT[],
    "fees" JSONB NOT NULL,
    "priority" INTEGER,
    "credentials_encrypted" BYTEA,
    "credentials_fingerprint" TEXT,
    "webhook_secret_encrypted" BYTEA,
    "simulator_settings" JSONB,
    "last_test_at" TIMESTAMPTZ(3),
    "last_test_status" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "provider_connections_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "payment_sessions" (
    "id" UUID NOT NULL,
    "merchant_id" UUID NOT NULL,
    "application_id" UUID NOT NULL,
    "mode" "mode" NOT NULL,
    "status" "session_status" NOT NULL DEFAULT 'PENDING',
    "payment_method" TEXT,
    "allowed_payment_methods" TEXT[],
    "order_reference" TEXT NOT NULL,
    "currency" CHAR(3) NOT NULL,
    "amount_total" BIGINT NOT NULL,
    "amount_shipping" BIGINT,
    "amount_tax" BIGINT,
    "locale" TEXT,
    "description" TEXT,
    "customer_email" TEXT,
    "customer" JSONB,
    "order_items" JSONB NOT NULL DEFAULT '[]',
    "shipping" JSONB,
    "additional_information" JSONB,
    "success_url" TEXT NOT NULL,
    "failure_url" TEXT NOT NULL,
    "callback_url" TEXT,
    "checkout_reference" TEXT NOT NULL,
    "connection_id" UUID,
    "provider_name" TEXT,
    "provider_reference" TEXT,
    "score" DOUBLE PRECISION,
    "failure_reason" TEXT,
    "failure_code" TEXT,
    "card_brand" TEXT,
    "card_last4" TEXT,
    "payer_phone_last3" TEXT,
    "is_late_success" BOOLEAN NOT NULL DEFAULT false,
    "api_key_id" UUID,
    "request_id" TEXT,
    "event_sequence" INTEGER NOT NULL DEFAULT 0,
    "fulfilled_at" TIMESTAMPTZ(3),
    "fulfilled_order_id" TEXT,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "finished_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "payment_sessions_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "attempts" (
    "id" UUID NOT NULL,
    "merchant_id" UUID NOT NULL,
    "session_id" UUID NOT NULL,
    "number" INTEGER NOT NULL,
    "connection_id" UUID NOT NULL,
    "provider" TEXT NOT NULL,
    "status" "attempt_status" NOT NULL DEFAULT 'STARTED',
    "provider_idempotency_key" TEXT NOT NULL,
    "provider_reference" TEXT,
    "provider_checkout_url" TEXT,
    "refusal_reason" TEXT,
    "http_status" INTEGER,
    "request" JSONB,
    "response" JSONB,
    "latency_ms" INTEGER,
    "started_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "finished_at" TIMESTAMPTZ(3),

    CONSTRAINT "attempts_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "session_activities" (
    "id" UUID NOT NULL,
    "merchant_id" UUID NOT NULL,
    "session_id" UUID NOT NULL,
    "type" TEXT NOT NULL,
    "occurred_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "data" JSONB NOT NULL DEFAULT '{}',

    CONSTRAINT "session_activities_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "session_notes" (
    "id" UUID NOT NULL,
    "merchant_id" UUID NOT NULL,
    "session_id" UUID NOT NULL,
    "author_id" UUID NOT NULL,
    "body" TEXT NOT NULL,
    "mentions" UUID[] DEFAULT ARRAY[]::UUID[],
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "session_notes_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "share_links" (
    "id" UUID NOT NULL,
    "merchant_id" UUID NOT NULL,
    "session_id" UUID NOT NULL,
    "token_hash" BYTEA NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "revoked_at" TIMESTAMPTZ(3),
    "created_by_id" UUID NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "share_links_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "idempotency_keys" (
    "application_id" UUID NOT NULL,
    "mode" "mode" NOT NULL,
    "key" TEXT NOT NULL,
    "merchant_id" UUID NOT NULL,
    "body_hash" BYTEA NOT NULL,
    "body_pointers" JSONB NOT NULL,
    "recovery_point" "recovery_point" NOT NULL DEFAULT 'STARTED',
    "locked_until" TIMESTAMPTZ(3),
    "session_id" UUID,
    "response_status" INTEGER,
    "response_body" TEXT,
    "replay_count" INTEGER NOT NULL DEFAULT 0,
    "last_replayed_at" TIMESTAMPTZ(3),
    "refusals" JSONB NOT NULL DEFAULT '[]',
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "idempotency_keys_pkey" PRIMARY KEY ("application_id","mode","key")
);

-- CreateTable
CREATE TABLE "inbound_events" (
    "id" UUID NOT NULL,
    "merchant_id" UUID NOT NULL,
    "connection_id" UUID NOT NULL,
    "provider" TEXT NOT NULL,
    "provider_event_id" TEXT NOT NULL,
    "type" TEXT NOT NULL,
    "is_verified" BOOLEAN NOT NULL,
    "provider_reference" TEXT,
    "session_id" UUID,
    "payload" JSONB NOT NULL,
    "received_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "applied_at" TIMESTAMPTZ(3),
    "outcome" TEXT,
    "error" TEXT,

    CONSTRAINT "inbound_events_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "webhook_endpoints" (
    "id" UUID NOT NULL,
    "merchant_id" UUID NOT NULL,
    "application_id" UUID NOT NULL,
    "mode" "mode" NOT NULL,
    "url" TEXT NOT NULL,
    "is_active" BOOLEAN NOT NULL DEFAULT true,
    "archived_at" TIMESTAMPTZ(3),
    "deactivated_reason" TEXT,
    "deactivated_at" TIMESTAMPTZ(3),
    "secret_encrypted" BYTEA NOT NULL,
    "key_fingerprint" TEXT NOT NULL,
    "previous_secret_encrypted" BYTEA,
    "previous_secret_expires_at" TIMESTAMPTZ(3),
    "subscribed_events" TEXT[],
    "failing_since" TIMESTAMPTZ(3),
    "last_test_at" TIMESTAMPTZ(3),
    "last_test_status" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "webhook_endpoints_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "webhook_events" (
    "id" UUID NOT NULL,
    "merchant_id" UUID NOT NULL,
    "application_id" UUID NOT NULL,
    "mode" "mode" NOT NULL,
    "type" TEXT NOT NULL,
    "session_id" UUID,
    "sequence" INTEGER,
    "body" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "webhook_events_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "webhook_deliveries" (
    "id" UUID NOT NULL,
    "merchant_id" UUID NOT NULL,
    "event_id" UUID NOT NULL,
    "endpoint_id" UUID,
    "url" TEXT NOT NULL,
    "status" "delivery_status" NOT NULL DEFAULT 'PENDING',
    "attempt_count" INTEGER NOT NULL DEFAULT 0,
    "next_attempt_at" TIMESTAMPTZ(3),
    "delivered_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "webhook_deliveries_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "webhook_delivery_attempts" (
    "id" UUID NOT NULL,
    "merchant_id" UUID NOT NULL,
    "delivery_id" UUID NOT NULL,
    "number" INTEGER NOT NULL,
    "request_headers" JSONB NOT NULL,
    "response_status" INTEGER,
    "response_headers" JSONB,
    "response_body" TEXT,
    "timings" JSONB,
    "error" TEXT,
    "duration_ms" INTEGER NOT NULL,
    "started_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "webhook_delivery_attempts_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "routing_cells" (
    "connection_id" UUID NOT NULL,
    "segment" TEXT NOT NULL,
    "merchant_id" UUID NOT NULL,
    "fast_successes" DOUBLE PRECISION NOT NULL DEFAULT 0,
    "fast_total" DOUBLE PRECISION NOT NULL DEFAULT 0,
    "slow_successes" DOUBLE PRECISION NOT NULL DEFAULT 0,
    "slow_total" DOUBLE PRECISION NOT NULL DEFAULT 0,
    "completed" DOUBLE PRECISION NOT NULL DEFAULT 0,
    "abandoned" DOUBLE PRECISION NOT NULL DEFAULT 0,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "newest_outcome_at" TIMESTAMPTZ(3),

    CONSTRAINT "routing_cells_pkey" PRIMARY KEY ("connection_id","segment")
);

-- CreateTable
CREATE TABLE "connection_health" (
    "connection_id" UUID NOT NULL,
    "merchant_id" UUID NOT NULL,
    "breaker" "breaker_state" NOT NULL DEFAULT 'CLOSED',
    "log_likelihood" DOUBLE PRECISION NOT NULL DEFAULT 0,
    "opened_at" TIMESTAMPTZ(3),
    "next_probe_at" TIMESTAMPTZ(3),
    "probe_backoff_s" INTEGER NOT NULL DEFAULT 10,
    "create_errors" DOUBLE PRECISION NOT NULL DEFAULT 0,
    "create_total" DOUBLE PRECISION NOT NULL DEFAULT 0,
    "p50_latency_ms" DOUBLE PRECISION,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "connection_health_pkey" PRIMARY KEY ("connection_id")
);

-- CreateTable
CREATE TABLE "routing_configs" (
    "application_id" UUID NOT NULL,
    "mode" "mode" NOT NULL,
    "version" INTEGER NOT NULL,
    "merchant_id" UUID NOT NULL,
    "margin" DOUBLE PRECISION NOT NULL DEFAULT 1,
    "cost_weight" DOUBLE PRECISION NOT NULL DEFAULT 1,
    "speed_weight" DOUBLE PRECISION NOT NULL DEFAULT 1,
    "rules" JSONB NOT NULL DEFAULT '[]',
    "note" TEXT,
    "author_id" UUID,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "routing_configs_pkey" PRIMARY KEY ("application_id","mode","version")
);

-- CreateTable
CREATE TABLE "routing_decisions" (
    "id" UUID NOT NULL,
    "merchant_id" UUID NOT NULL,
    "application_id" UUID NOT NULL,
    "mode" "mode" NOT NULL,
    "session_id" UUID NOT NULL,
    "segment" TEXT NOT NULL,
    "config_version" INTEGER NOT NULL,
    "chosen_connection_id" UUID,
    "chosen_score" DOUBLE PRECISION,
    "explored" BOOLEAN NOT NULL DEFAULT false,
    "receipt" JSONB NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "routing_decisions_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "routing_outcomes" (
    "decision_id" UUID NOT NULL,
    "merchant_id" UUID NOT NULL,
    "connection_id" UUID NOT NULL,
    "segment" TEXT NOT NULL,
    "kind" "routing_outcome_kind" NOT NULL,
    "occurred_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "routing_outcomes_pkey" PRIMARY KEY ("decision_id")
);

-- CreateTable
CREATE TABLE "routing_scores" (
    "connection_id" UUID NOT NULL,
    "segment" TEXT NOT NULL,
    "grain" "score_grain" NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "merchant_id" UUID NOT NULL,
    "score" DOUBLE PRECISION NOT NULL,
    "success_rate" DOUBLE PRECISION NOT NULL,
    "cost" DOUBLE PRECISION NOT NULL,
    "speed" DOUBLE PRECISION NOT NULL,
    "availability" DOUBLE PRECISION NOT NULL,
    "chosen" INTEGER NOT NULL DEFAULT 0,

    CONSTRAINT "routing_scores_pkey" PRIMARY KEY ("connection_id","segment","grain","at")
);

-- CreateTable
CREATE TABLE "session_counters" (
    "application_id" UUID NOT NULL,
    "mode" "mode" NOT NULL,
    "grain" "counter_grain" NOT NULL,
    "bucket" TIMESTAMPTZ(3) NOT NULL,
    "status" "session_status" NOT NULL,
    "provider" TEXT NOT NULL DEFAULT '',
    "currency" CHAR(3) NOT NULL,
    "slot" SMALLINT NOT NULL,
    "merchant_id" UUID NOT NULL,
    "sessions" BIGINT NOT NULL DEFAULT 0,
    "amount" BIGINT NOT NULL DEFAULT 0,

    CONSTRAINT "session_counters_pkey" PRIMARY KEY ("application_id","mode","grain","bucket","status","provider","currency","slot")
);

-- CreateTable
CREATE TABLE "api_request_logs" (
    "id" UUID NOT NULL,
    "merchant_id" UUID,
    "application_id" UUID,
    "mode" "mode",
    "api_key_id" UUID,
    "key_prefix" TEXT,
    "user_id" UUID,
    "request_id" TEXT NOT NULL,
    "method" TEXT NOT NULL,
    "route" TEXT NOT NULL,
    "path" TEXT NOT NULL,
    "status" INTEGER NOT NULL,
    "duration_ms" INTEGER NOT NULL,
    "idempotency_result" TEXT,
    "ip" TEXT,
    "user_agent" TEXT,
    "session_id" UUID,
    "request_body" JSONB,
    "response_body" JSONB,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "api_request_logs_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "audit_logs" (
    "id" UUID NOT NULL,
    "merchant_id" UUID,
    "actor_kind" "actor_kind" NOT NULL,
    "actor_id" UUID,
    "actor_label" TEXT NOT NULL,
    "action" TEXT NOT NULL,
    "target_type" TEXT NOT NULL,
    "target_id" TEXT,
    "target_label" TEXT,
    "before" JSONB,
    "after" JSONB,
    "ip" TEXT,
    "user_agent" TEXT,
    "request_id" TEXT,
    "hash" BYTEA,
    "previous_hash" BYTEA,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "audit_logs_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "support_visits" (
    "id" UUID NOT NULL,
    "merchant_id" UUID NOT NULL,
    "staff_user_id" UUID NOT NULL,
    "reason" TEXT NOT NULL,
    "started_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "ended_at" TIMESTAMPTZ(3),

    CONSTRAINT "support_visits_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "saved_views" (
    "id" UUID NOT NULL,
    "merchant_id" UUID NOT NULL,
    "user_id" UUID NOT NULL,
    "page" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "query" TEXT NOT NULL,
    "is_shared" BOOLEAN NOT NULL DEFAULT false,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "saved_views_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "notices" (
    "id" UUID NOT NULL,
    "merchant_id" UUID NOT NULL,
    "user_id" UUID,
    "kind" TEXT NOT NULL,
    "title" TEXT NOT NULL,
    "body" TEXT NOT NULL,
    "url" TEXT,
    "dedupe_key" TEXT,
    "read_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "notices_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "simulator_checkouts" (
    "id" TEXT NOT NULL,
    "connection_id" UUID NOT NULL,
    "provider" TEXT NOT NULL,
    "reference" TEXT NOT NULL,
    "idempotency_key" TEXT NOT NULL,
    "amount" BIGINT NOT NULL,
    "currency" CHAR(3) NOT NULL,
    "payment_method" TEXT NOT NULL,
    "description" TEXT,
    "merchant_name" TEXT NOT NULL,
    "return_url" TEXT NOT NULL,
    "cancel_url" TEXT NOT NULL,
    "state" TEXT NOT NULL DEFAULT 'open',
    "failure_code" TEXT,
    "card_brand" TEXT,
    "card_last4" TEXT,
    "phone_last3" TEXT,
    "pending" JSONB,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "simulator_checkouts_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "users_email_key" ON "users"("email");

-- CreateIndex
CREATE INDEX "memberships_user_id_idx" ON "memberships"("user_id");

-- CreateIndex
CREATE UNIQUE INDEX "invitations_token_hash_key" ON "invitations"("token_hash");

-- CreateIndex
CREATE INDEX "invitations_merchant_id_created_at_idx" ON "invitations"("merchant_id", "created_at" DESC);

-- CreateIndex
CREATE UNIQUE INDEX "user_sessions_token_hash_key" ON "user_sessions"("token_hash");

-- CreateIndex
CREATE INDEX "user_sessions_user_id_idx" ON "user_sessions"("user_id");

-- CreateIndex
CREATE INDEX "user_sessions_expires_at_idx" ON "user_sessions"("expires_at");

-- CreateIndex
CREATE UNIQUE INDEX "refresh_tokens_token_hash_key" ON "refresh_tokens"("token_hash");

-- CreateIndex
CREATE INDEX "refresh_tokens_family_id_idx" ON "refresh_tokens"("family_id");

-- CreateIndex
CREATE INDEX "refresh_tokens_expires_at_idx" ON "refresh_tokens"("expires_at");

-- CreateIndex
CREATE INDEX "refresh_tokens_user_id_idx" ON "refresh_tokens"("user_id");

-- CreateIndex
CREATE UNIQUE INDEX "user_tokens_token_hash_key" ON "user_tokens"("token_hash");

-- CreateIndex
CREATE INDEX "user_tokens_user_id_purpose_idx" ON "user_tokens"("user_id", "purpose");

-- CreateIndex
CREATE UNIQUE INDEX "applications_merchant_id_name_key" ON "applications"("merchant_id", "name");

-- CreateIndex
CREATE UNIQUE INDEX "api_keys_key_hash_key" ON "api_keys"("key_hash");

-- CreateIndex
CREATE INDEX "api_keys_merchant_id_application_id_mode_created_at_idx" ON "api_keys"("merchant_id", "application_id", "mode", "created_at" DESC);

-- CreateIndex
CREATE INDEX "provider_connections_merchant_id_application_id_mode_idx" ON "provider_connections"("merchant_id", "application_id", "mode");

-- CreateIndex
CREATE UNIQUE INDEX "payment_sessions_checkout_reference_key" ON "payment_sessions"("checkout_reference");

-- CreateIndex
CREATE INDEX "payment_sessions_list" ON "payment_sessions"("application_id", "mode", "created_at" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "payment_sessions_status" ON "payment_sessions"("application_id", "mode", "status", "created_at" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "payment_sessions_order" ON "payment_sessions"("merchant_id", "order_reference");

-- CreateIndex
CREATE INDEX "payment_sessions_customer" ON "payment_sessions"("merchant_id", "customer_email");

-- CreateIndex
CREATE INDEX "payment_sessions_provider_reference" ON "payment_sessions"("connection_id", "provider_reference");

-- CreateIndex
CREATE INDEX "attempts_provider_reference" ON "attempts"("connection_id", "provider_reference");

-- CreateIndex
CREATE UNIQUE INDEX "attempts_session_id_number_key" ON "attempts"("session_id", "number");

-- CreateIndex
CREATE INDEX "session_activities_session_id_occurred_at_id_idx" ON "session_activities"("session_id", "occurred_at", "id");

-- CreateIndex
CREATE INDEX "session_notes_session_id_created_at_idx" ON "session_notes"("session_id", "created_at");

-- CreateIndex
CREATE UNIQUE INDEX "share_links_token_hash_key" ON "share_links"("token_hash");

-- CreateIndex
CREATE INDEX "share_links_session_id_idx" ON "share_links"("session_id");

-- CreateIndex
CREATE INDEX "idempotency_keys_session_id_idx" ON "idempotency_keys"("session_id");

-- CreateIndex
CREATE INDEX "idempotency_keys_expires_at_idx" ON "idempotency_keys"("expires_at");

-- CreateIndex
CREATE INDEX "inbound_events_session_id_idx" ON "inbound_events"("session_id");

-- CreateIndex
CREATE INDEX "inbound_events_applied_at_received_at_idx" ON "inbound_events"("applied_at", "received_at");

-- CreateIndex
CREATE UNIQUE INDEX "inbound_events_connection_id_provider_event_id_key" ON "inbound_events"("connection_id", "provider_event_id");

-- CreateIndex
CREATE INDEX "webhook_endpoints_merchant_id_application_id_mode_idx" ON "webhook_endpoints"("merchant_id", "application_id", "mode");

-- CreateIndex
CREATE INDEX "webhook_events_session_id_sequence_idx" ON "webhook_events"("session_id", "sequence");

-- CreateIndex
CREATE INDEX "webhook_events_application_id_mode_created_at_idx" ON "webhook_events"("application_id", "mode", "created_at");

-- CreateIndex
CREATE INDEX "webhook_deliveries_endpoint_id_created_at_idx" ON "webhook_deliveries"("endpoint_id", "created_at" DESC);

-- CreateIndex
CREATE UNIQUE INDEX "webhook_deliveries_event_id_endpoint_id_key" ON "webhook_deliveries"("event_id", "endpoint_id");

-- CreateIndex
CREATE INDEX "webhook_delivery_attempts_started_at_idx" ON "webhook_delivery_attempts"("started_at");

-- CreateIndex
CREATE UNIQUE INDEX "webhook_delivery_attempts_delivery_id_number_key" ON "webhook_delivery_attempts"("delivery_id", "number");

-- CreateIndex
CREATE INDEX "routing_cells_merchant_id_idx" ON "routing_cells"("merchant_id");

-- CreateIndex
CREATE INDEX "connection_health_merchant_id_idx" ON "connection_health"("merchant_id");

-- CreateIndex
CREATE INDEX "routing_decisions_session_id_idx" ON "routing_decisions"("session_id");

-- CreateIndex
CREATE INDEX "routing_decisions_application_id_mode_created_at_idx" ON "routing_decisions"("application_id", "mode", "created_at" DESC);

-- CreateIndex
CREATE INDEX "routing_outcomes_connection_id_occurred_at_idx" ON "routing_outcomes"("connection_id", "occurred_at");

-- CreateIndex
CREATE INDEX "routing_scores_grain_at_idx" ON "routing_scores"("grain", "at");

-- CreateIndex
CREATE INDEX "api_request_logs_list" ON "api_request_logs"("merchant_id", "application_id", "mode", "created_at" DESC);

-- CreateIndex
CREATE INDEX "api_request_logs_request_id_idx" ON "api_request_logs"("request_id");

-- CreateIndex
CREATE INDEX "api_request_logs_session_id_idx" ON "api_request_logs"("session_id");

-- CreateIndex
CREATE INDEX "api_request_logs_created_at_idx" ON "api_request_logs"("created_at");

-- CreateIndex
CREATE INDEX "audit_logs_merchant_id_created_at_idx" ON "audit_logs"("merchant_id", "created_at" DESC);

-- CreateIndex
CREATE INDEX "audit_logs_merchant_id_target_type_target_id_idx" ON "audit_logs"("merchant_id", "target_type", "target_id");

-- CreateIndex
CREATE INDEX "support_visits_merchant_id_started_at_idx" ON "support_visits"("merchant_id", "started_at" DESC);

-- CreateIndex
CREATE INDEX "saved_views_merchant_id_page_idx" ON "saved_views"("merchant_id", "page");

-- CreateIndex
CREATE INDEX "notices_merchant_id_created_at_idx" ON "notices"("merchant_id", "created_at" DESC);

-- CreateIndex
CREATE UNIQUE INDEX "notices_merchant_id_dedupe_key_key" ON "notices"("merchant_id", "dedupe_key");

-- CreateIndex
CREATE INDEX "simulator_checkouts_connection_id_reference_idx" ON "simulator_checkouts"("connection_id", "reference");

-- CreateIndex
CREATE UNIQUE INDEX "simulator_checkouts_connection_id_idempotency_key_key" ON "simulator_checkouts"("connection_id", "idempotency_key");

-- AddForeignKey
ALTER TABLE "memberships" ADD CONSTRAINT "memberships_merchant_id_fkey" FOREIGN KEY ("merchant_id") REFERENCES "merchants"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "memberships" ADD CONSTRAINT "memberships_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "user_sessions" ADD CONSTRAINT "user_sessions_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "refresh_tokens" ADD CONSTRAINT "refresh_tokens_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "user_tokens" ADD CONSTRAINT "user_tokens_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "recovery_codes" ADD CONSTRAINT "recovery_codes_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "applications" ADD CONSTRAINT "applications_merchant_id_fkey" FOREIGN KEY ("merchant_id") REFERENCES "merchants"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "api_keys" ADD CONSTRAINT "api_keys_application_id_fkey" FOREIGN KEY ("application_id") REFERENCES "applications"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "provider_connections" ADD CONSTRAINT "provider_connections_application_id_fkey" FOREIGN KEY ("application_id") REFERENCES "applications"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "payment_sessions" ADD CONSTRAINT "payment_sessions_application_id_fkey" FOREIGN KEY ("application_id") REFERENCES "applications"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "attempts" ADD CONSTRAINT "attempts_session_id_fkey" FOREIGN KEY ("session_id") REFERENCES "payment_sessions"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "session_activities" ADD CONSTRAINT "session_activities_session_id_fkey" FOREIGN KEY ("session_id") REFERENCES "payment_sessions"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "session_notes" ADD CONSTRAINT "session_notes_session_id_fkey" FOREIGN KEY ("session_id") REFERENCES "payment_sessions"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "webhook_endpoints" ADD CONSTRAINT "webhook_endpoints_application_id_fkey" FOREIGN KEY ("application_id") REFERENCES "applications"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "webhook_deliveries" ADD CONSTRAINT "webhook_deliveries_event_id_fkey" FOREIGN KEY ("event_id") REFERENCES "webhook_events"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "webhook_delivery_attempts" ADD CONSTRAINT "webhook_delivery_attempts_delivery_id_fkey" FOREIGN KEY ("delivery_id") REFERENCES "webhook_deliveries"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "connection_health" ADD CONSTRAINT "connection_health_connection_id_fkey" FOREIGN KEY ("connection_id") REFERENCES "provider_connections"("id") ON DELETE CASCADE ON UPDATE CASCADE;
