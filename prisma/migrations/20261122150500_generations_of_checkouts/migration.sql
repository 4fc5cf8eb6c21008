-- AlterTable
ALTER TABLE "routing_cells" ADD COLUMN     "generations" DOUBLE PRECISION[] NOT NULL DEFAULT ARRAY[]::DOUBLE PRECISION[],
ADD COLUMN     "ignored_before" TIMESTAMPTZ(3);
