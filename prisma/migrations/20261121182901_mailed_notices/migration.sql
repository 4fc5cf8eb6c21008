-- AlterTable
ALTER TABLE "notices" ADD COLUMN     "mailed_at" TIMESTAMPTZ(3);

-- The sweep looks for notices to mail every minute; nearly all have been. Those from before have had their time.
UPDATE "notices" SET "mailed_at" = "created_at";
CREATE INDEX "notices_to_mail" ON "notices" ("created_at") WHERE "mailed_at" IS NULL;
