-- AlterTable
ALTER TABLE "api_request_logs" ADD COLUMN     "error_code" TEXT,
ADD COLUMN     "idempotency_key" TEXT,
ADD COLUMN     "order_reference" TEXT,
ADD COLUMN     "query" TEXT;

-- AlterTable: nothing has written this table before, so there is nothing to rewrite.
ALTER TABLE "api_request_logs" ALTER COLUMN "request_body" SET DATA TYPE JSON,
ALTER COLUMN "response_body" SET DATA TYPE JSON;

-- CreateTable
CREATE TABLE "api_request_log_gaps" (
    "id" UUID NOT NULL,
    "merchant_id" UUID NOT NULL,
    "application_id" UUID,
    "mode" "mode",
    "first_at" TIMESTAMPTZ(3) NOT NULL,
    "last_at" TIMESTAMPTZ(3) NOT NULL,
    "requests" INTEGER NOT NULL,

    CONSTRAINT "api_request_log_gaps_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "api_request_log_gaps_merchant_id_application_id_last_at_idx" ON "api_request_log_gaps"("merchant_id", "application_id", "last_at" DESC);

-- CreateIndex
CREATE INDEX "api_request_log_gaps_last_at_idx" ON "api_request_log_gaps"("last_at");

-- CreateIndex
CREATE INDEX "api_request_logs_merchant_id_idempotency_key_idx" ON "api_request_logs"("merchant_id", "idempotency_key");

-- CreateIndex
CREATE INDEX "api_request_logs_merchant_id_order_reference_idx" ON "api_request_logs"("merchant_id", "order_reference");
