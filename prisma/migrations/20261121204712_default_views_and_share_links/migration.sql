-- AlterTable
ALTER TABLE "saved_views" ADD COLUMN     "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP;

-- AlterTable
ALTER TABLE "share_links" ADD COLUMN     "label" TEXT,
ADD COLUMN     "provider" TEXT;

-- CreateTable
CREATE TABLE "default_views" (
    "merchant_id" UUID NOT NULL,
    "user_id" UUID NOT NULL,
    "page" TEXT NOT NULL,
    "view_id" UUID NOT NULL,

    CONSTRAINT "default_views_pkey" PRIMARY KEY ("merchant_id","user_id","page")
);

-- CreateIndex
CREATE INDEX "default_views_view_id_idx" ON "default_views"("view_id");

-- CreateIndex
CREATE INDEX "payment_sessions_amount" ON "payment_sessions"("application_id", "mode", "currency", "amount_total", "created_at" DESC, "id" DESC);

-- AddForeignKey
ALTER TABLE "default_views" ADD CONSTRAINT "default_views_view_id_fkey" FOREIGN KEY ("view_id") REFERENCES "saved_views"("id") ON DELETE CASCADE ON UPDATE CASCADE;
