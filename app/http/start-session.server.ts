import type { Services } from "~/domain/services";
import type { SignedInUser } from "~/domain/users/sign-in.server";
import { createUserSession, endUserSession, type SecondFactor } from "~/domain/users/user-session.server";
import { requestContext } from "./request-context";
import { readSessionToken, sessionCookie } from "./session-cookie.server";

/**
 * Signs this browser in, with a new session in place of the one that it may have had: a token that somebody planted
 * here leads nowhere (reliability.md, "Browser"). Gives the `Set-Cookie` value.
 */
export async function startSession(
  request: Request,
  input: { user: SignedInUser; merchantId?: string; secondFactor?: SecondFactor },
  services: Services,
): Promise<string> {
  const origin = requestContext(request);
  const { appUrl } = services.config;
  const before = readSessionToken(request, appUrl);
  if (before !== null) await endUserSession(origin, { token: before }, services);
  const { token, expiresAt } = await createUserSession(origin, input, services);
  return sessionCookie(token, expiresAt, appUrl);
}
