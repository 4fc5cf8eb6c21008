import { isIPv6 } from "node:net";
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

/** api.md §8: failures in 15 minutes. */
export const MAX_FAILURES_PER_ACCOUNT = 5;
export const MAX_FAILURES_PER_ADDRESS = 20;
export const PAUSE_SECONDS = 15 * 60;

const ACCOUNT: RateLimitPolicy = {
  name: "login-account",
  quota: MAX_FAILURES_PER_ACCOUNT,
  windowSeconds: PAUSE_SECONDS,
};
const ADDRESS: RateLimitPolicy = {
  name: "login-address",
  quota: MAX_FAILURES_PER_ADDRESS,
  windowSeconds: PAUSE_SECONDS,
};

/** One try at signing in; exactly one of the three is called when its result is known. */
export interface LoginTry {
  succeeded(): Promise<void>;
  /** Gives how many tries the account has left, none starts the pause, and the answer's RateLimit headers. */
  failed(): Promise<{ left: number; headers: Record<string, string> }>;
  /** Nobody could tell whether the password was right: the try does not count. */
  undone(): Promise<void>;
}

export interface LoginThrottle {
  /**
   * Counts the try as a failure until it proves otherwise, so that many at once get no more tries than
   * one after the other.
   * @throws AppError TOO_MANY_REQUESTS with Retry-After.
   */
  begin(email: string, ip: string | null): Promise<LoginTry>;
}

/**
 * Counts in PostgreSQL for all instances, and in this process's memory while PostgreSQL does not answer or
 * the database is embedded: a restart forgets.
 */
export function createLoginThrottle(db?: Database): LoginThrottle {
  const accounts = limiterFor(ACCOUNT, db);
  const addresses = limiterFor(ADDRESS, db);
  return {
    async begin(email, ip) {
      const address = network(ip);
      // Not the address itself: the table of counters is nobody's list of customers.
      const key = Buffer.from(sha256(email)).toString("base64url");
      await take(addresses, address, ADDRESS, "Too many failed sign-ins from your address.");
      const account = await take(accounts, key, ACCOUNT, "Too many failed sign-ins.").catch(
        async (error: unknown) => {
          await addresses.reward(address);
          throw error;
        },
      );
      return {
        async succeeded() {
          await accounts.delete(key);
          await addresses.reward(address);
        },
        async failed() {
          const left = account.remainingPoints;
          if (left <= 0) await accounts.block(key, PAUSE_SECONDS);
          const msBeforeReset = left <= 0 ? PAUSE_SECONDS * 1000 : account.msBeforeNext;
          return { left, headers: rateLimitHeaders(ACCOUNT, { remaining: left, msBeforeReset }) };
        },
        async undone() {
          await accounts.reward(key);
          await addresses.reward(address);
        },
      };
    },
  };
}

function limiterFor({ name, quota, windowSeconds }: RateLimitPolicy, db?: Database): RateLimiterAbstract {
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

async function take(
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

/** An IPv6 customer has a whole /64 to choose from: it counts as one address. */
function network(ip: string | null): string {
  if (ip === null || !isIPv6(ip)) return ip ?? "unknown";
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(ip)?.[1];
  if (mapped !== undefined) return mapped;
  const [head = "", tail] = ip.split("%", 1)[0]?.split("::") ?? [];
  const left = head === "" ? [] : head.split(":");
  const right = tail === undefined || tail === "" ? [] : tail.split(":");
  const zeros = tail === undefined ? 0 : Math.max(0, 8 - left.length - right.length);
  return [...left, ...Array<string>(zeros).fill("0"), ...right]
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(":");
}

const throttles = new WeakMap<Database, LoginThrottle>();

/** The one throttle of a running product, which has one database. */
export function loginThrottleOf({ db }: { db: Database }): LoginThrottle {
  const throttle = throttles.get(db) ?? createLoginThrottle(db);
  throttles.set(db, throttle);
  return throttle;
}
