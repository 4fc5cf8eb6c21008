import type { Services } from "~/domain/services";
import { type IdentityView, isRecent, reauthenticate } from "~/domain/users/reauthenticate.server";
import type { UserSessionView } from "~/domain/users/user-session.server";
import { AppError, isAppError } from "~/lib/errors";
import { formText, refusalMessage } from "./form.server";
import { canRenewSession, renewSession } from "./renewed-session.server";
import { requestContext } from "./request-context";
import { sessionCookie } from "./session-cookie.server";

interface Confirmed {
  session: UserSessionView;
  services: Services;
}

export function identityView({ session, services }: Confirmed): IdentityView {
  return { needed: !isRecent(session, services), hasSecondFactor: session.hasSecondFactor };
}

/**
 * Lets a form through that makes, shows or changes a secret: when its sender proved lately who they are, or does so
 * with the form's own field `proof`. Asked in the same form, so that no input is lost on the way.
 * @throws AppError REAUTHENTICATION_REQUIRED, whose message belongs beside that field.
 */
export async function confirmIdentity(
  request: Request,
  { session, services }: Confirmed,
  form: FormData,
): Promise<void> {
  if (isRecent(session, services)) return;
  const proof = formText(form, "proof");
  if (proof === "") throw new AppError("REAUTHENTICATION_REQUIRED");
  await renew(request, { session, services }, proof);
}

/** The same with a proof that is asked for however short ago the last one was: the password, when it is changed. */
export async function renew(
  request: Request,
  { session, services }: Confirmed,
  proof: string,
  options: { passwordOnly?: boolean } = {},
): Promise<void> {
  const input = {
    sessionId: session.id,
    userId: session.user.id,
    proof,
    keepToken: !canRenewSession(),
    passwordOnly: options.passwordOnly ?? false,
  };
  const renewed = await reauthenticate(requestContext(request), input, services).catch((error: unknown) => {
    // Beside the same field, not above the form.
    if (isAppError(error, "TOO_MANY_REQUESTS"))
      throw new AppError("REAUTHENTICATION_REQUIRED", {
        message: error.publicMessage,
        headers: error.headers,
      });
    throw error;
  });
  if (renewed !== null) {
    const cookie = sessionCookie(renewed.token, renewed.expiresAt, services.config.appUrl);
    renewSession(renewed.token, cookie);
  }
}

/** What a page is told of a refusal: beside the field that proves who it is, or above the form. */
export function refused(error: unknown): { proof: string[] } | { problem: string } {
  const message = refusalMessage(error);
  return isAppError(error, "REAUTHENTICATION_REQUIRED") ? { proof: [message] } : { problem: message };
}
