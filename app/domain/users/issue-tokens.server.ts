import type { TokensResource } from "~/contracts/auth";
import type { SqlExecutor } from "~/db/database";
import type { Origin } from "~/domain/actor";
import { recordAudit } from "~/domain/audit/record-audit.server";
import type { Services } from "~/domain/services";
import { randomToken, sha256 } from "~/lib/crypto.server";
import { AppError } from "~/lib/errors";
import { newId } from "~/lib/ids";
import { ACCESS_TOKEN_SECONDS, signAccessToken } from "./access-token.server";
import { holdProof } from "./hold-proof.server";
import { proveSecondFactor } from "./second-step.server";
import type { SignedInUser } from "./sign-in.server";

/** A family of refresh tokens ends 30 days after its sign-in, however often it was refreshed. */
const FAMILY_MS = 30 * 24 * 3_600_000;

/**
 * Tokens for a user who has just signed in to the API, in `merchantId` or their first merchant (api.md §1).
 * @throws AppError FORBIDDEN when the user is in no team, or not in that one's; for a user with two-factor
 * SECOND_FACTOR_REQUIRED without a code, INVALID_CREDENTIALS and TOO_MANY_REQUESTS with a wrong one;
 * INVALID_CREDENTIALS when the password was changed, or every sign-in ended, since it was proved.
 */
export async function issueTokens(
  origin: Origin,
  input: { user: SignedInUser; merchantId?: string | undefined; code?: string | undefined },
  services: Services,
): Promise<TokensResource> {
  const { user, code } = input;
  const membership = user.memberships.find(
    ({ merchantId }) => input.merchantId === undefined || merchantId === input.merchantId,
  );
  if (membership === undefined) {
    throw new AppError("FORBIDDEN", {
      message:
        input.merchantId === undefined
          ? "You are in no merchant's team: an owner or admin of one can invite you"
          : "You are not in that merchant's team",
    });
  }
  if (user.hasSecondFactor) {
    if (code === undefined) throw new AppError("SECOND_FACTOR_REQUIRED");
    await proveSecondFactor(origin, { user: { ...user, userId: user.id }, code }, services);
  }
  const { merchantId } = membership;
  const now = services.clock.now();
  const accessToken = await signAccessToken({ userId: user.id, merchantId }, services);
  const refreshToken = randomToken();
  await services.db.transaction(async (tx) => {
    await holdProof(tx, user);
    const expiresAt = new Date(now.getTime() + FAMILY_MS);
    await insertRefreshToken(tx, {
      userId: user.id,
      merchantId,
      familyId: newId(),
      refreshToken,
      expiresAt,
      now,
    });
    const label = `${user.firstName} ${user.lastName}`;
    await recordAudit(
      tx,
      { ...origin, kind: "user", userId: user.id, label },
      {
        action: "user.signed_in",
        targetType: "user",
        targetId: user.id,
        targetLabel: label,
        after: { through: "api" },
        merchantId,
      },
      now,
    );
  });
  return tokensResource(accessToken, refreshToken);
}

/** Stores the hash of a refresh token. */
export async function insertRefreshToken(
  tx: SqlExecutor,
  token: {
    userId: string;
    merchantId: string;
    familyId: string;
    refreshToken: string;
    expiresAt: Date;
    now: Date;
  },
): Promise<void> {
  await tx.query(
    `INSERT INTO refresh_tokens (id, user_id, merchant_id, family_id, token_hash, expires_at, created_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7)`,
    [
      newId(),
      token.userId,
      token.merchantId,
      token.familyId,
      sha256(token.refreshToken),
      token.expiresAt,
      token.now,
    ],
  );
}

/** api.md §1. */
export function tokensResource(accessToken: string, refreshToken: string): TokensResource {
  return { accessToken, tokenType: "Bearer", expiresIn: ACCESS_TOKEN_SECONDS, refreshToken };
}
