import type { Database } from "~/db/database";
import type { ApiLog } from "~/domain/api-logs/api-log";
import type { LiveUpdates } from "~/domain/live/live-updates";
import type { JobQueue } from "~/jobs/job-queue";
import type { Clock } from "~/lib/clock";
import type { Keyring } from "~/lib/crypto.server";
import type { Log } from "~/lib/log";
import type { Mailer } from "~/lib/mailer";
import type { Telemetry } from "~/lib/telemetry";
import type { ProviderRegistry } from "~/providers/port";

/** Settings that commands need; the entry point makes them from the environment. */
export interface DomainConfig {
  /** Public origin, no trailing slash: https://pay.example.com */
  appUrl: string;
  /** Origin at which this process reaches a server, itself where it is one, for the simulator's webhooks: http://127.0.0.1:3000 */
  selfUrl: string;
  /** http://localhost webhook endpoints in test mode (api.md §6). */
  allowLocalWebhooks: boolean;
  /** One deadline for a whole create, shared out among its tries (api.md §5.3). */
  createDeadlineMs: number;
  /** Longest wait for one provider's answer to a create (routing.md §4). */
  providerTimeoutMs: number;
  /** How long a live provider fails before its merchants are told, minutes. */
  providerDownMinutes: number;
  /** Requests: per API key of a mode in a second, per user in a minute; 0 is no limit (api.md §8). */
  rateLimits: { live: number; test: number; user: number };
}

/** What every command gets as its last argument: made once by app/services.server.ts. */
export interface Services {
  db: Database;
  jobs: JobQueue;
  clock: Clock;
  log: Log;
  keyring: Keyring;
  providers: ProviderRegistry;
  /** The record of the API's calls, for their merchants. */
  apiLog: ApiLog;
  /** What open pages hear of, on whatever instance they are. */
  live: LiveUpdates;
  telemetry: Telemetry;
  mailer: Mailer;
  config: DomainConfig;
}
