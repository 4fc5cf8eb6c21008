-- AlterTable
ALTER TABLE "users" ADD COLUMN     "signed_out_at" TIMESTAMPTZ(3);
