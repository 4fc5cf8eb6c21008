-- Every create updates its session once the provider has accepted. Without an index on the columns that this sets,
-- and with room on the row's page, such an update writes no index at all (HOT); attempts have the same index.
DROP INDEX "payment_sessions_provider_reference";
ALTER TABLE "payment_sessions" SET (fillfactor = 75);
ALTER TABLE "session_activities" SET (fillfactor = 90);
