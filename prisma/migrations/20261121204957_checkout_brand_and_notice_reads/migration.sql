-- AlterTable
ALTER TABLE "applications" ADD COLUMN     "checkout_language" TEXT,
ADD COLUMN     "display_name" TEXT,
ADD COLUMN     "support_contact" TEXT;

-- CreateTable
CREATE TABLE "application_logos" (
    "application_id" UUID NOT NULL,
    "content_type" TEXT NOT NULL,
    "content" BYTEA NOT NULL,
    "digest" TEXT NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "application_logos_pkey" PRIMARY KEY ("application_id")
);

-- CreateTable
CREATE TABLE "notice_reads" (
    "notice_id" UUID NOT NULL,
    "user_id" UUID NOT NULL,
    "read_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "notice_reads_pkey" PRIMARY KEY ("notice_id","user_id")
);

-- AddForeignKey
ALTER TABLE "application_logos" ADD CONSTRAINT "application_logos_application_id_fkey" FOREIGN KEY ("application_id") REFERENCES "applications"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "notice_reads" ADD CONSTRAINT "notice_reads_notice_id_fkey" FOREIGN KEY ("notice_id") REFERENCES "notices"("id") ON DELETE CASCADE ON UPDATE CASCADE;
