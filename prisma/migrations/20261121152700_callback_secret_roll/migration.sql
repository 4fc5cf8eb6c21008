-- The callback secret can be rolled: the one before signs too, for a day (api.md §6).
ALTER TABLE "applications" ADD COLUMN     "previous_callback_secret_encrypted" BYTEA,
ADD COLUMN     "previous_callback_secret_expires_at" TIMESTAMPTZ(3);
