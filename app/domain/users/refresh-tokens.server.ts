import type { TokensResource } from "~/contracts/auth";
import type { Role } from "~/db/generated/enums";
import type { Origin } from "~/domain/actor";
import { recordAudit } from "~/domain/audit/record-audit.server";
import type { Services } from "~/domain/services";
import { randomToken, sha256 } from "~/lib/crypto.server";
import { AppError } from "~/lib/errors";
import { signAccessToken } from "./access-token.server";
import { insertRefreshToken, tokensResource } from "./issue-tokens.server";

interface TokenRow {
  id: string;
  userId: string;
  merchantId: string;
  familyId: string;
  expiresAt: Date;
  spentAt: Date | null;
  revokedAt: Date | null;
  firstName: string;
  lastName: string;
  disabledAt: Date | null;
  passwordChangedAt: Date;
  signedOutAt: Date | null;
  createdAt: Date;
  /** Null when the user has left the team. */
  role: Role | null;
}

/**
 * Spends a refresh token for a new pair. A spent one that comes back was stolen, by then or by now, and
 * nobody can tell which: its whole family is revoked (api.md §1).
 * @throws AppError AUTHENTICATION_REQUIRED.
 */
export async function refreshTokens(
  origin: Origin,
  input: { refreshToken: string },
  services: Services,
): Promise<TokensResource> {
  const now = services.clock.now();
  const refreshToken = randomToken();
  // A refusal is returned, not thrown: throwing would undo the revocation.
  const result = await services.db.transaction(async (tx) => {
    const [token] = await tx.query<TokenRow>(
      `SELECT t.id, t.user_id AS "userId", t.merchant_id AS "merchantId", t.family_id AS "familyId",
         t.expires_at AS "expiresAt", t.spent_at AS "spentAt", t.revoked_at AS "revokedAt", t.created_at AS "createdAt",
         u.first_name AS "firstName", u.last_name AS "lastName", u.disabled_at AS "disabledAt",
         u.password_changed_at AS "passwordChangedAt", u.signed_out_at AS "signedOutAt",
         (SELECT m.role FROM memberships m WHERE m.user_id = t.user_id AND m.merchant_id = t.merchant_id) AS role
       FROM refresh_tokens t JOIN users u ON u.id = t.user_id WHERE t.token_hash = $1 FOR UPDATE OF t`,
      [sha256(input.refreshToken)],
    );
    if (token === undefined) return { refusal: "The refresh token is not known. Sign in again" };
    if (token.revokedAt !== null) return { refusal: "The refresh token was revoked. Sign in again" };
    const isReused = token.spentAt !== null;
    const isOut =
      token.role === null ||
      token.disabledAt !== null ||
      token.passwordChangedAt > token.createdAt ||
      // One that was made while the others were ended.
      (token.signedOutAt !== null && token.signedOutAt >= token.createdAt);
    if (isReused || isOut) {
      await tx.query(
        "UPDATE refresh_tokens SET revoked_at = $2 WHERE family_id = $1 AND revoked_at IS NULL",
        [token.familyId, now],
      );
    }
    if (isReused) {
      const label = `${token.firstName} ${token.lastName}`;
      await recordAudit(
        tx,
        { ...origin, kind: "system" },
        {
          action: "refresh_token.reused",
          targetType: "user",
          targetId: token.userId,
          targetLabel: label,
          merchantId: token.merchantId,
        },
        now,
      );
      return { refusal: "The refresh token was used already, so its sign-in was ended. Sign in again" };
    }
    if (isOut) return { refusal: "The refresh token was revoked. Sign in again" };
    if (token.expiresAt <= now) return { refusal: "The refresh token has expired. Sign in again" };
    await tx.query("UPDATE refresh_tokens SET spent_at = $2 WHERE id = $1", [token.id, now]);
    await insertRefreshToken(tx, { ...token, refreshToken, now });
    return { userId: token.userId, merchantId: token.merchantId };
  });
  if ("refusal" in result) throw new AppError("AUTHENTICATION_REQUIRED", { message: result.refusal });
  return tokensResource(await signAccessToken(result, services), refreshToken);
}
