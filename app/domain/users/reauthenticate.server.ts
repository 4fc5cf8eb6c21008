import type { Origin } from "~/domain/actor";
import type { Services } from "~/domain/services";
import { randomToken, sha256 } from "~/lib/crypto.server";
import { AppError } from "~/lib/errors";
import { loginThrottleOf, triesLeft } from "./login-throttle.server";
import { verifyPassword } from "./password.server";
import { recordUserAudit } from "./record-user-audit.server";
import { spendSecondFactor } from "./second-factor.server";

/** How long a proof lasts in which secrets are shown and changed. */
const RECENT_MS = 15 * 60_000;

/** Whether forms that make or show a secret ask who it is, and what they may be answered with. */
export interface IdentityView {
  needed: boolean;
  hasSecondFactor: boolean;
}

/** Whether the person of a session proved lately who they are. */
export function isRecent(
  session: { reauthenticatedAt: Date | null },
  { clock }: Pick<Services, "clock">,
): boolean {
  const at = session.reauthenticatedAt;
  return at !== null && clock.now().getTime() - at.getTime() < RECENT_MS;
}

/**
 * Proves the person of a session once more, by password or by a code of the authenticator. The session gets a new
 * token, as at sign-in: one that was copied before leads nowhere any more (OWASP ASVS 5, 7.2.4). Null with `keepToken`.
 * @throws AppError REAUTHENTICATION_REQUIRED with the tries left; TOO_MANY_REQUESTS with Retry-After.
 */
export async function reauthenticate(
  origin: Origin,
  input: {
    sessionId: string;
    userId: string;
    proof: string;
    /** A code does not do: the password is to be changed. */
    passwordOnly?: boolean;
    /** The caller cannot give the browser a new token. */
    keepToken?: boolean;
  },
  services: Services,
): Promise<{ token: string; expiresAt: Date } | null> {
  const { sessionId, userId, keepToken = false } = input;
  const attempt = await loginThrottleOf(services, "proof").begin(userId, origin.ip);
  const checked = await check(input, services).catch(async (error: unknown) => {
    await attempt.undone();
    throw error;
  });
  if (!checked.isRight) {
    const { left, headers } = await attempt.failed();
    throw new AppError("REAUTHENTICATION_REQUIRED", {
      message: `That is not right. ${triesLeft(left)}`,
      headers,
    });
  }
  await attempt.succeeded();
  const now = services.clock.now();
  const token = keepToken ? null : randomToken();
  return services.db.transaction(async (tx) => {
    const [session] = await tx.query<{ expiresAt: Date }>(
      `UPDATE user_sessions SET token_hash = coalesce($3, token_hash), reauthenticated_at = $4, last_seen_at = $4
       WHERE id = $1 AND user_id = $2 RETURNING expires_at AS "expiresAt"`,
      [sessionId, userId, token === null ? null : sha256(token), now],
    );
    if (session === undefined) throw new AppError("REAUTHENTICATION_REQUIRED");
    await recordUserAudit(
      tx,
      origin,
      checked.user,
      { action: "user.reauthenticated", after: { by: checked.by } },
      now,
    );
    return token === null ? null : { token, expiresAt: session.expiresAt };
  });
}

async function check(
  { userId, proof, passwordOnly }: { userId: string; proof: string; passwordOnly?: boolean },
  services: Services,
) {
  const row = await services.db.prisma.user.findUniqueOrThrow({ where: { id: userId } });
  const user = { userId, email: row.email, firstName: row.firstName, lastName: row.lastName };
  // A password has at least 16 characters: six digits are a code.
  const isCode = !passwordOnly && row.totpEnabledAt !== null && /^\s*\d{3}\s?\d{3}\s*$/.test(proof);
  const isRight = isCode
    ? (await spendSecondFactor(user, proof, services)) !== null
    : await verifyPassword(row.passwordHash, proof);
  return { user, isRight, by: isCode ? "totp" : "password" };
}
