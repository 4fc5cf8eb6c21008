import { isIPv6 } from "node:net";
import { RateLimiterMemory, RateLimiterRes } from "rate-limiter-flexible";
import type { Database } from "~/db/database";
import { AppError } from "~/lib/errors";

/** api.md §8: failures in 15 minutes. */
export const MAX_FAILURES_PER_ACCOUNT = 5;
export const MAX_FAILURES_PER_ADDRESS = 20;
export const PAUSE_SECONDS = 15 * 60;

/** One try at signing in; exactly one of the three is called when its result is known. */
export interface LoginTry {
  succeeded(): Promise<void>;
  /** Gives how many tries the account has left; none starts the pause. */
  failed(): Promise<number>;
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

/** Counts in this process's memory: a restart forgets. */
export function createLoginThrottle(): LoginThrottle {
  const accounts = new RateLimiterMemory({ points: MAX_FAILURES_PER_ACCOUNT, duration: PAUSE_SECONDS });
  const addresses = new RateLimiterMemory({ points: MAX_FAILURES_PER_ADDRESS, duration: PAUSE_SECONDS });
  return {
    async begin(email, ip) {
      const address = network(ip);
      await take(addresses, address, "Too many failed sign-ins from your address.");
      const account = await take(accounts, email, "Too many failed sign-ins.").catch(
        async (error: unknown) => {
          await addresses.reward(address);
          throw error;
        },
      );
      return {
        async succeeded() {
          await accounts.delete(email);
          await addresses.reward(address);
        },
        async failed() {
          if (account.remainingPoints <= 0) await accounts.block(email, PAUSE_SECONDS);
          return account.remainingPoints;
        },
        async undone() {
          await accounts.reward(email);
          await addresses.reward(address);
        },
      };
    },
  };
}

async function take(limiter: RateLimiterMemory, key: string, message: string): Promise<RateLimiterRes> {
  try {
    return await limiter.consume(key);
  } catch (error) {
    if (!(error instanceof RateLimiterRes)) throw error;
    const retryAfter = Math.max(1, Math.ceil(error.msBeforeNext / 1000));
    const minutes = Math.ceil(retryAfter / 60);
    throw new AppError("TOO_MANY_REQUESTS", {
      message: `${message} Try again in ${minutes} minute${minutes === 1 ? "" : "s"}`,
      extra: { retryAfter },
      headers: { "retry-after": String(retryAfter) },
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
  const throttle = throttles.get(db) ?? createLoginThrottle();
  throttles.set(db, throttle);
  return throttle;
}
