import { errors, jwtVerify, SignJWT } from "jose";
import type { Role } from "~/db/generated/enums";
import type { Origin, UserActor } from "~/domain/actor";
import type { Services } from "~/domain/services";
import { AppError } from "~/lib/errors";
import { isUuid, newId } from "~/lib/ids";

/** Seconds that an access token lives (api.md §1). */
export const ACCESS_TOKEN_SECONDS = 3600;

const ALGORITHM = "HS256";
const AUDIENCE = "kadosei-api";

/** A signed JWT for one user in one merchant. It names no role: that is read on each use. */
export async function signAccessToken(
  subject: { userId: string; merchantId: string },
  services: Services,
): Promise<string> {
  const now = Math.floor(services.clock.now().getTime() / 1000);
  return new SignJWT({ merchantId: subject.merchantId })
    .setProtectedHeader({ alg: ALGORITHM, typ: "JWT" })
    .setSubject(subject.userId)
    .setJti(newId())
    .setIssuer(services.config.appUrl)
    .setAudience(AUDIENCE)
    .setIssuedAt(now)
    .setExpirationTime(now + ACCESS_TOKEN_SECONDS)
    .sign(services.keyring.derive("jwt"));
}

/**
 * The user of an access token, with the role that they have now: who left the team, was disabled, changed
 * the password or signed out everywhere since is out at once.
 * @throws AppError AUTHENTICATION_REQUIRED.
 */
export async function verifyAccessToken(
  token: string,
  context: Origin,
  services: Services,
): Promise<UserActor> {
  const { userId, merchantId, issuedAt } = await readToken(token, services);
  const [member] = await services.db.query<{
    role: Role;
    firstName: string;
    lastName: string;
    passwordChangedAt: Date;
    signedOutAt: Date | null;
  }>(
    `SELECT m.role, u.first_name AS "firstName", u.last_name AS "lastName", u.password_changed_at AS "passwordChangedAt",
       u.signed_out_at AS "signedOutAt"
     FROM memberships m JOIN users u ON u.id = m.user_id
     WHERE m.user_id = $1 AND m.merchant_id = $2 AND u.disabled_at IS NULL`,
    [userId, merchantId],
    { prepare: true },
  );
  if (member === undefined) throw refused("You are no longer a member of this merchant's team");
  // A token's times are whole seconds.
  if (issuedAt < Math.floor(member.passwordChangedAt.getTime() / 1000)) {
    throw refused("The password was changed since. Sign in again");
  }
  if (member.signedOutAt !== null && issuedAt <= Math.floor(member.signedOutAt.getTime() / 1000)) {
    throw refused("You have signed out everywhere since. Sign in again");
  }
  return {
    kind: "user",
    requestId: context.requestId,
    ip: context.ip,
    userAgent: context.userAgent,
    userId,
    merchantId,
    role: member.role,
    label: `${member.firstName} ${member.lastName}`,
  };
}

async function readToken(token: string, services: Services) {
  try {
    const { payload } = await verifyUnderAny(token, services);
    const { sub, iat, merchantId } = payload;
    if (!sub || !isUuid(sub) || typeof merchantId !== "string" || !isUuid(merchantId) || iat === undefined) {
      throw refused();
    }
    return { userId: sub, merchantId, issuedAt: iat };
  } catch (cause) {
    if (cause instanceof errors.JWTExpired) throw refused("The access token has expired. Refresh it");
    if (cause instanceof errors.JOSEError) throw refused();
    throw cause;
  }
}

/** Also a token from before the secret was rotated: it lives for an hour at the most. */
async function verifyUnderAny(token: string, { keyring, config, clock }: Services) {
  let failure: unknown;
  for (const key of keyring.deriveAll("jwt")) {
    try {
      return await jwtVerify(token, key, {
        algorithms: [ALGORITHM],
        issuer: config.appUrl,
        audience: AUDIENCE,
        currentDate: clock.now(),
        requiredClaims: ["sub", "exp", "iat"],
      });
    } catch (error) {
      failure = error;
      if (!(error instanceof errors.JWSSignatureVerificationFailed)) break;
    }
  }
  throw failure;
}

function refused(message?: string): AppError {
  return new AppError("AUTHENTICATION_REQUIRED", message === undefined ? {} : { message });
}
