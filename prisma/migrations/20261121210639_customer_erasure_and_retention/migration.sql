-- AlterTable
ALTER TABLE "applications" ADD COLUMN     "api_log_days" INTEGER NOT NULL DEFAULT 30,
ADD COLUMN     "customers_erased_until" TIMESTAMPTZ(3),
ADD COLUMN     "delivery_days" INTEGER NOT NULL DEFAULT 30;

-- AlterTable
ALTER TABLE "payment_sessions" ADD COLUMN     "customer_erased_at" TIMESTAMPTZ(3);
