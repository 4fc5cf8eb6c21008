import {
  type RateLimiterAbstract,
  RateLimiterMemory,
  RateLimiterPostgres,
  RateLimiterRes,
} from "rate-limiter-flexible";
import type { Database } from "~/db/database";
import { rateLimitStore } from "~/db/rate-limit-store.server";
import { sha256 } from "~/lib/crypto.server";
import { AppError } from "~/lib/errors";
import { type RateLimitPolicy, rateLimitHeaders } from "~/lib/rate-limit-headers";

/** Not the address itself: the table of counters is nobody's list of customers. */
export const keyOf = (email: string) => Buffer.from(sha256(email)).toString("base64url");

/** A counter of tries: in PostgreSQL, with this process's memory for when it does not answer, or in memory alone. */
export function limiterFor(
  { name, quota, windowSeconds }: RateLimitPolicy,
  db?: Database,
): RateLimiterAbstract {
  const options = { keyPrefix: name, points: quota, duration: windowSeconds };
  const memory = new RateLimiterMemory(options);
  const store = db && rateLimitStore(db);
  if (store === undefined) return memory;
  return new RateLimiterPostgres({
    ...options,
    ...store,
    tableCreated: true,
    clearExpiredByTimeout: false,
    insuranceLimiter: memory,
  });
}

/** Counts one try. @throws AppError TOO_MANY_REQUESTS, whose message begins with `message`, with Retry-After. */
export async function take(
  limiter: RateLimiterAbstract,
  key: string,
  policy: RateLimitPolicy,
  message: string,
): Promise<RateLimiterRes> {
  try {
    return await limiter.consume(key);
  } catch (error) {
    if (!(error instanceof RateLimiterRes)) throw error;
    const retryAfter = Math.max(1, Math.ceil(error.msBeforeNext / 1000));
    const minutes = Math.ceil(retryAfter / 60);
    throw new AppError("TOO_MANY_REQUESTS", {
      message: `${message} Try again in ${minutes} minute${minutes === 1 ? "" : "s"}`,
      extra: { retryAfter },
      headers: {
        ...rateLimitHeaders(policy, { remaining: 0, msBeforeReset: error.msBeforeNext }),
        "retry-after": String(retryAfter),
      },
    });
  }
}
