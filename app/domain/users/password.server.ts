import { hash, verify } from "@node-rs/argon2";
import { AppError } from "~/lib/errors";

/** argon2id is the library's default algorithm; the costs are reliability.md's, "Browser". */
const COSTS = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };

/** Each hash takes a thread of Node's pool, which has four, and 19 MiB. */
const MAX_RUNNING = 4;
const MAX_WAITING = 256;

/** Of a password that nobody has: an unknown user costs the same time as a wrong password. */
const DUMMY_HASH =
  "$argon2id$v=19$m=19456,t=2,p=1$QLbL0AwTPIY2fw5YSdMiyA$hK+tX7m4ku222GdfR/L0lboqBhZvyQcvEJmssmqHqlo";

/** The password as a PHC string. @throws AppError UNAVAILABLE when too many wait. */
export function hashPassword(password: string): Promise<string> {
  return inTurn(() => hash(password, COSTS));
}

/**
 * Whether the password is the one that was hashed; false, after the same time, for no hash at all.
 * @throws AppError UNAVAILABLE when too many wait.
 */
export async function verifyPassword(passwordHash: string | null, password: string): Promise<boolean> {
  const isRight = await inTurn(() => verify(passwordHash ?? DUMMY_HASH, password));
  return isRight && passwordHash !== null;
}

let running = 0;
const waiting: (() => void)[] = [];

async function inTurn<T>(work: () => Promise<T>): Promise<T> {
  if (running >= MAX_RUNNING) {
    if (waiting.length >= MAX_WAITING) throw new AppError("UNAVAILABLE", { headers: { "retry-after": "5" } });
    // Whoever finishes hands its turn over, so `running` stays as it is.
    await new Promise<void>((resolve) => waiting.push(resolve));
  } else {
    running++;
  }
  try {
    return await work();
  } finally {
    const next = waiting.shift();
    if (next) next();
    else running--;
  }
}
