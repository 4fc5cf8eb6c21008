-- AlterTable
ALTER TABLE "saved_views" ADD COLUMN     "deleted_at" TIMESTAMPTZ(3);
