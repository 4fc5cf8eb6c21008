import { RateLimiterMemory, RateLimiterPostgres, RateLimiterRes } from "rate-limiter-flexible";
import type { Database } from "~/db/database";
import { rateLimitStore } from "~/db/rate-limit-store.server";
import type { Actor } from "~/domain/actor";
import type { Services } from "~/domain/services";
import { AppError } from "~/lib/errors";
import type { Log } from "~/lib/log";
import { type RateLimitPolicy, rateLimitHeaders } from "~/lib/rate-limit-headers";

/** After how much of a quota an instance tells the others (docs/decisions/007). */
const REPORTS_PER_QUOTA = 10;
/** A store that is away is mentioned this often. */
const WARN_EVERY_MS = 60_000;
/** Idle callers are forgotten when there are more than this. */
const MAX_TALLIES = 1_000;

type Limits = Pick<Services, "db" | "log" | "config">;

/** Counts calls of one policy. */
export interface Limiter {
  /** Counts one call of `key`. Never rejects: a store that fails leaves this process's own count. */
  take(key: string): Promise<{ allowed: boolean; remaining: number; msBeforeReset: number }>;
}

interface Tally {
  /** Allowed here and not yet told to the others. */
  unreported: number;
  reporting: boolean;
  /** What all instances had left when they were last asked, less what was allowed here since. */
  leftTogether: number;
  until: number;
}

/**
 * Decides from this process's memory, so that no call waits for the database. With a store shared by many
 * instances, each adds what it allowed, a tenth of the quota at a time and behind the answer, and refuses
 * once the sum is over: what many instances allow together is the quota and at most a tenth of it each more.
 */
export function createLimiter(policy: RateLimitPolicy, db: Database, log: Log): Limiter {
  const local = new RateLimiterMemory({ points: policy.quota, duration: policy.windowSeconds });
  const store = rateLimitStore(db);
  const shared =
    store &&
    new RateLimiterPostgres({
      ...store,
      tableCreated: true,
      clearExpiredByTimeout: false,
      keyPrefix: policy.name,
      points: policy.quota,
      duration: policy.windowSeconds,
    });
  const reportAfter = Math.ceil(policy.quota / REPORTS_PER_QUOTA);
  const tallies = new Map<string, Tally>();
  let warnedAt = 0;

  function tallyOf(key: string, { isFirstInDuration, msBeforeNext }: RateLimiterRes): Tally {
    const known = tallies.get(key);
    if (known && !isFirstInDuration) return known;
    const now = Date.now();
    if (tallies.size >= MAX_TALLIES) {
      for (const [old, { until }] of tallies) if (until < now) tallies.delete(old);
    }
    const tally = { unreported: 0, reporting: false, leftTogether: policy.quota, until: now + msBeforeNext };
    tallies.set(key, tally);
    return tally;
  }

  async function report(key: string, tally: Tally, to: RateLimiterPostgres): Promise<void> {
    tally.reporting = true;
    const points = tally.unreported;
    tally.unreported = 0;
    try {
      const together = await to.penalty(key, points);
      tally.leftTogether = together.remainingPoints - tally.unreported;
      if (together.consumedPoints >= policy.quota) await local.block(key, together.msBeforeNext / 1000);
    } catch (err) {
      if (Date.now() - warnedAt > WARN_EVERY_MS) {
        warnedAt = Date.now();
        log.warn({ err, policy: policy.name }, "the rate limit is counted by this process alone");
      }
    } finally {
      tally.reporting = false;
    }
  }

  return {
    async take(key) {
      try {
        const mine = await local.consume(key);
        let remaining = mine.remainingPoints;
        if (shared) {
          const tally = tallyOf(key, mine);
          tally.unreported++;
          tally.leftTogether--;
          remaining = Math.max(0, Math.min(remaining, tally.leftTogether));
          if (tally.unreported >= reportAfter && !tally.reporting) void report(key, tally, shared);
        }
        return { allowed: true, remaining, msBeforeReset: mine.msBeforeNext };
      } catch (refusal) {
        if (!(refusal instanceof RateLimiterRes)) throw refusal;
        return { allowed: false, remaining: 0, msBeforeReset: refusal.msBeforeNext };
      }
    },
  };
}

/** One set of limiters for each database that is open: for a running product, one. */
const limiters = new WeakMap<Database, Map<string, Limiter>>();

function limiterOf(policy: RateLimitPolicy, { db, log }: Limits): Limiter {
  const known = limiters.get(db) ?? new Map<string, Limiter>();
  limiters.set(db, known);
  const name = `${policy.name}:${policy.quota}`;
  const limiter = known.get(name) ?? createLimiter(policy, db, log);
  known.set(name, limiter);
  return limiter;
}

/** The rule for a caller and whom it counts; null where none applies (api.md §8). */
function ruleFor(actor: Actor, { config }: Limits): { policy: RateLimitPolicy; key: string } | null {
  const { rateLimits } = config;
  if (actor.kind === "api_key") {
    const policy = { name: actor.mode, quota: rateLimits[actor.mode], windowSeconds: 1 };
    return policy.quota === 0 ? null : { policy, key: actor.apiKeyId };
  }
  if (actor.kind !== "user" || rateLimits.user === 0) return null;
  return { policy: { name: "user", quota: rateLimits.user, windowSeconds: 60 }, key: actor.userId };
}

/**
 * Counts one call of the caller, and gives the headers that its answer must have; none where nothing is
 * limited. @throws AppError TOO_MANY_REQUESTS, with the same headers and Retry-After (api.md §8).
 */
export async function takeRequest(actor: Actor, services: Limits): Promise<Record<string, string>> {
  const rule = ruleFor(actor, services);
  if (rule === null) return {};
  const { policy, key } = rule;
  const state = await limiterOf(policy, services).take(key);
  const headers = rateLimitHeaders(policy, state);
  if (state.allowed) return headers;
  const retryAfter = Math.max(1, Math.ceil(state.msBeforeReset / 1000));
  const who = actor.kind === "api_key" ? "This API key" : "This user";
  const per = policy.windowSeconds === 1 ? "a second" : "a minute";
  throw new AppError("TOO_MANY_REQUESTS", {
    message: `${who} may make ${policy.quota} requests ${per}. Try again in ${retryAfter} second${retryAfter === 1 ? "" : "s"}`,
    extra: { retryAfter },
    headers: { ...headers, "retry-after": String(retryAfter) },
  });
}
