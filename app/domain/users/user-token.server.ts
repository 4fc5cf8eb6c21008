import type { SqlExecutor } from "~/db/database";
import { randomToken, sha256 } from "~/lib/crypto.server";
import { newId } from "~/lib/ids";

/** What a one-time token lets its bearer do, and for how long, ms. */
const LIFETIMES = {
  /** Choose a new password, by a mailed link. */
  password_reset: 3_600_000,
  /** Confirm a new address, by a link mailed to it. */
  email_change: 24 * 3_600_000,
  /** Stop that, by a link mailed to the address so far. */
  email_change_stop: 24 * 3_600_000,
  /** Between the password and the code of a sign-in: in a cookie. */
  second_step: 10 * 60_000,
} as const;
export type TokenPurpose = keyof typeof LIFETIMES;

export interface UserTokenRow {
  id: string;
  userId: string;
  email: string;
  firstName: string;
  lastName: string;
  /** For email_change. */
  newEmail: string | null;
}

/** Makes a token and ends the user's earlier ones of its purpose; only its hash is stored. */
export async function issueUserToken(
  tx: SqlExecutor,
  input: { userId: string; purpose: TokenPurpose; newEmail?: string; now: Date },
): Promise<string> {
  const { userId, purpose, newEmail = null, now } = input;
  const token = randomToken();
  // Only the newest sign-in of a person would be able to go on otherwise.
  if (purpose !== "second_step") await endUserTokens(tx, { userId, purposes: [purpose], now });
  await tx.query(
    `INSERT INTO user_tokens (id, user_id, purpose, token_hash, new_email, expires_at, created_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7)`,
    [newId(), userId, purpose, sha256(token), newEmail, new Date(now.getTime() + LIFETIMES[purpose]), now],
  );
  return token;
}

/** Whom a token belongs to; null when it is unknown, spent, over, or its user is disabled. With `lock` nobody else spends it meanwhile. */
export async function findUserToken(
  db: SqlExecutor,
  input: { token: string; purpose: TokenPurpose; now: Date; lock?: boolean },
): Promise<UserTokenRow | null> {
  const [row] = await db.query<UserTokenRow>(
    `SELECT t.id, t.user_id AS "userId", u.email, u.first_name AS "firstName", u.last_name AS "lastName",
       t.new_email AS "newEmail"
     FROM user_tokens t JOIN users u ON u.id = t.user_id
     WHERE t.token_hash = $1 AND t.purpose = $2 AND t.used_at IS NULL AND t.expires_at > $3 AND u.disabled_at IS NULL
     ${input.lock ? "FOR UPDATE OF t" : ""}`,
    [sha256(input.token), input.purpose, input.now],
  );
  return row ?? null;
}

/** Ends a user's open tokens of these purposes. Gives the ids of those that it ended. */
export async function endUserTokens(
  tx: SqlExecutor,
  { userId, purposes, now }: { userId: string; purposes: readonly TokenPurpose[]; now: Date },
): Promise<string[]> {
  const ended = await tx.query<{ id: string }>(
    "UPDATE user_tokens SET used_at = $3 WHERE user_id = $1 AND purpose = ANY($2) AND used_at IS NULL RETURNING id",
    [userId, [...purposes], now],
  );
  return ended.map(({ id }) => id);
}
