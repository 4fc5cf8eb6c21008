import type { RateLimiterAbstract } from "rate-limiter-flexible";
import type { Database } from "~/db/database";
import type { Services } from "~/domain/services";
import type { RateLimitPolicy } from "~/lib/rate-limit-headers";
import { keyOf, limiterFor, take } from "./throttle.server";

const HOUR_SECONDS = 3600;

/** Mails to an address that a signed-in person typed, which may be a stranger's: how many an hour one person may cause. */
export const MAX_MAILS_PER_USER = { invitation: 60, "email-change": 5 } as const;
export type StrangerMail = keyof typeof MAX_MAILS_PER_USER;
/** How many of them one address gets an hour, whoever causes them. */
export const MAX_MAILS_PER_ADDRESS = 5;

const policy = (name: string, quota: number): RateLimitPolicy => ({
  name,
  quota,
  windowSeconds: HOUR_SECONDS,
});
const ofAddress = policy("mail-address", MAX_MAILS_PER_ADDRESS);
const ofUser = (kind: StrangerMail) => policy(`mail-${kind}`, MAX_MAILS_PER_USER[kind]);

interface Limiters {
  users: Record<StrangerMail, RateLimiterAbstract>;
  addresses: RateLimiterAbstract;
}

/** Those of a running product, which has one database. */
const known = new WeakMap<Database, Limiters>();

function limitersOf(db: Database): Limiters {
  const made = known.get(db) ?? {
    users: {
      invitation: limiterFor(ofUser("invitation"), db),
      "email-change": limiterFor(ofUser("email-change"), db),
    },
    addresses: limiterFor(ofAddress, db),
  };
  known.set(db, made);
  return made;
}

/**
 * Counts a mail to an address that a person typed, before `send` queues it. One that `send` refuses to queue does not
 * count. Not inside a transaction: the counters have connections of their own.
 * @throws AppError TOO_MANY_REQUESTS with Retry-After; what `send` throws.
 */
export async function withinMailLimits<Value>(
  input: { kind: StrangerMail; userId: string; email: string },
  { db }: Pick<Services, "db">,
  send: () => Promise<Value>,
): Promise<Value> {
  const { kind, userId } = input;
  const { users, addresses } = limitersOf(db);
  const address = keyOf(input.email);
  await take(
    users[kind],
    userId,
    ofUser(kind),
    "You have had too many mails sent to addresses that you typed.",
  );
  try {
    await take(addresses, address, ofAddress, "This address has been sent too many mails.");
    return await send().catch(async (error: unknown) => {
      await addresses.reward(address);
      throw error;
    });
  } catch (error) {
    await users[kind].reward(userId);
    throw error;
  }
}
