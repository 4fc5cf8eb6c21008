import { isIPv6 } from "node:net";
import type { Database } from "~/db/database";
import { type RateLimitPolicy, rateLimitHeaders } from "~/lib/rate-limit-headers";
import { keyOf, limiterFor, take } from "./throttle.server";

/** api.md §8: failures in 15 minutes. */
export const MAX_FAILURES_PER_ACCOUNT = 5;
export const MAX_FAILURES_PER_ADDRESS = 20;
export const PAUSE_SECONDS = 15 * 60;

/**
 * What is guessed at, each with counters of its own: a password; what proves a signed-in person once more, or the
 * second step of a sign-in; and links by mail, of which every request counts.
 */
const GUESSED = {
  login: "failed sign-ins",
  proof: "wrong codes or passwords",
  "password-reset": "requests for a new password",
} as const;
export type Guessed = keyof typeof GUESSED;

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
  /** Ends the account's pause: the person proved in another way who they are. */
  forgive(email: string): Promise<void>;
}

/**
 * Counts in PostgreSQL for all instances, and in this process's memory while PostgreSQL does not answer or
 * the database is embedded: a restart forgets.
 */
export function createLoginThrottle(db?: Database, guessed: Guessed = "login"): LoginThrottle {
  const accountPolicy = policy(`${guessed}-account`, MAX_FAILURES_PER_ACCOUNT);
  const addressPolicy = policy(`${guessed}-address`, MAX_FAILURES_PER_ADDRESS);
  const accounts = limiterFor(accountPolicy, db);
  const addresses = limiterFor(addressPolicy, db);
  const words = `Too many ${GUESSED[guessed]}`;
  return {
    async begin(email, ip) {
      const address = network(ip);
      const key = keyOf(email);
      await take(addresses, address, addressPolicy, `${words} from your address.`);
      const account = await take(accounts, key, accountPolicy, `${words}.`).catch(async (error: unknown) => {
        await addresses.reward(address);
        throw error;
      });
      return {
        async succeeded() {
          await accounts.delete(key);
          await addresses.reward(address);
        },
        async failed() {
          const left = account.remainingPoints;
          if (left <= 0) await accounts.block(key, PAUSE_SECONDS);
          const msBeforeReset = left <= 0 ? PAUSE_SECONDS * 1000 : account.msBeforeNext;
          return { left, headers: rateLimitHeaders(accountPolicy, { remaining: left, msBeforeReset }) };
        },
        async undone() {
          await accounts.reward(key);
          await addresses.reward(address);
        },
      };
    },
    async forgive(email) {
      await accounts.delete(keyOf(email));
    },
  };
}

const policy = (name: string, quota: number): RateLimitPolicy => ({
  name,
  quota,
  windowSeconds: PAUSE_SECONDS,
});

/** What a wrong try says about the next one. */
export function triesLeft(left: number): string {
  if (left === 0) return "No tries left: wait 15 minutes before the next one.";
  return `${left} ${left === 1 ? "try" : "tries"} left before a 15-minute pause.`;
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

const throttles = new WeakMap<Database, Map<Guessed, LoginThrottle>>();

/** The one throttle of its kind of a running product, which has one database. */
export function loginThrottleOf({ db }: { db: Database }, guessed: Guessed = "login"): LoginThrottle {
  const known = throttles.get(db) ?? new Map<Guessed, LoginThrottle>();
  throttles.set(db, known);
  const throttle = known.get(guessed) ?? createLoginThrottle(db, guessed);
  known.set(guessed, throttle);
  return throttle;
}
