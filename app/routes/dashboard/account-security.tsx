import {
  type ActionFunctionArgs,
  data,
  type HeadersFunction,
  type LoaderFunctionArgs,
  type MetaFunction,
  redirect,
} from "@remix-run/node";
import { useActionData, useLoaderData } from "@remix-run/react";
import { passwordChangeSchema } from "~/contracts/auth";
import { changePassword } from "~/domain/users/change-account.server";
import { signOutEverywhere, signOutSession } from "~/domain/users/sign-out.server";
import { disableTwoFactor, renewRecoveryCodes } from "~/domain/users/two-factor.server";
import { presentSecurity } from "~/features/users/account.presenter.server";
import { SecurityPage, type SecurityPageProps } from "~/features/users/security-page";
import { formText, submitForm } from "~/http/form.server";
import { confirmIdentity, refused, renew } from "~/http/identity.server";
import { redirectWithNotice } from "~/http/notice.server";
import { requestContext } from "~/http/request-context";
import { requireSession } from "~/http/require-user.server";
import { clearedSessionCookie } from "~/http/session-cookie.server";
import { AppError, isAppError } from "~/lib/errors";
import { isUuid } from "~/lib/ids";

export const meta: MetaFunction = () => [{ title: "Password and sign-ins · Kadosei" }];

/** Recovery codes are in one response, which nobody may keep. */
export const headers: HeadersFunction = () => ({ "cache-control": "no-store" });

const HERE = "/account/security";

export async function loader({ request }: LoaderFunctionArgs) {
  const { session, services } = await requireSession(request);
  const ask = new URL(request.url).searchParams.get("ask");
  return {
    security: await presentSecurity(session, services),
    ask:
      (["disable-two-factor", "recovery-codes", "sign-out-everywhere"] as const).find(
        (value) => value === ask,
      ) ?? null,
  };
}

export async function action({ request }: ActionFunctionArgs) {
  const { session, services } = await requireSession(request);
  const { user } = session;
  const origin = requestContext(request);
  const form = await request.formData();
  const answer = (result: SecurityPageProps["result"], status = 400) => data(result, { status });
  try {
    switch (formText(form, "intent")) {
      case "password": {
        const change = async (input: { currentPassword: string; password: string }) => {
          await renew(request, { session, services }, input.currentPassword, { passwordOnly: true }).catch(
            besideCurrentPassword,
          );
          await changePassword(origin, { user, sessionId: session.id, ...input }, services);
        };
        const hide = ["currentPassword", "password"];
        const outcome = await submitForm(form, passwordChangeSchema, change, { hide });
        if (!outcome.ok) return answer({ reply: outcome.reply });
        return redirectWithNotice(HERE, "Password changed. Every other sign-in of yours has ended");
      }
      case "sign-out-session": {
        const sessionId = formText(form, "id");
        if (!isUuid(sessionId)) break;
        await signOutSession(origin, { user, sessionId }, services);
        return redirectWithNotice(HERE, "Signed out there");
      }
      case "sign-out-everywhere":
        await signOutEverywhere(origin, { user }, services);
        return redirect("/sign-in?said=signed-out", {
          headers: { "set-cookie": clearedSessionCookie(services.config.appUrl) },
        });
      case "disable-two-factor":
        await confirmIdentity(request, { session, services }, form);
        await disableTwoFactor(origin, { user }, services);
        return redirectWithNotice(HERE, "Two-factor is off");
      case "recovery-codes":
        await confirmIdentity(request, { session, services }, form);
        return answer({ recoveryCodes: await renewRecoveryCodes(origin, { user }, services) }, 200);
    }
  } catch (error) {
    return answer(refused(error));
  }
  return answer({ problem: "This page cannot do that." });
}

/** The form has a field of its own for what is proved here. */
function besideCurrentPassword(error: unknown): never {
  if (!isAppError(error, "REAUTHENTICATION_REQUIRED")) throw error;
  const message = [error.publicMessage].flat().map((text) => `currentPassword ${text}`);
  throw new AppError("VALIDATION_FAILED", { message });
}

export default function AccountSecurityRoute() {
  const result = useActionData<typeof action>();
  return <SecurityPage {...useLoaderData<typeof loader>()} result={result ?? {}} />;
}

export { DashboardError as ErrorBoundary } from "~/features/navigation/dashboard-error";
