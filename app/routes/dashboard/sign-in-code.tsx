import { type ActionFunctionArgs, data, type LoaderFunctionArgs, redirect } from "@remix-run/node";
import { useActionData, useLoaderData } from "@remix-run/react";
import { page, pageMeta } from "~/components/layout/trail";
import { secondStepSchema } from "~/contracts/auth";
import { finishSecondStep, isSecondStep } from "~/domain/users/second-step.server";
import { SignInCodePage } from "~/features/users/sign-in-code-page";
import { submitForm } from "~/http/form.server";
import { requestContext } from "~/http/request-context";
import { safeReturnTo } from "~/http/return-to";
import { clearedStepCookie, readStepToken } from "~/http/session-cookie.server";
import { startSession } from "~/http/start-session.server";
import { isAppError } from "~/lib/errors";
import { getServices } from "~/services.server";

export const handle = page("Second step");
export const meta = pageMeta;

const signInPath = (returnTo: string) =>
  returnTo === "/" ? "/sign-in" : `/sign-in?returnTo=${encodeURIComponent(returnTo)}`;

export async function loader({ request }: LoaderFunctionArgs) {
  const services = await getServices();
  const query = new URL(request.url).searchParams;
  const returnTo = safeReturnTo(query.get("returnTo"));
  const token = readStepToken(request, services.config.appUrl);
  if (token === null || !(await isSecondStep(token, services))) throw redirect(signInPath(returnTo));
  return { returnTo, withRecoveryCode: query.get("with") === "recovery-code" };
}

export async function action({ request }: ActionFunctionArgs) {
  const services = await getServices();
  const { appUrl } = services.config;
  const form = await request.formData();
  const returnTo = safeReturnTo(form.get("returnTo"));
  const token = readStepToken(request, appUrl);
  if (token === null) return redirect(signInPath(returnTo));
  const finish = ({ code }: { code: string }) =>
    finishSecondStep(requestContext(request), { token, code }, services)
      .then((proved) => startSession(request, proved, services))
      .catch((error: unknown) => {
        if (isAppError(error, "GONE")) return null;
        throw error;
      });
  const outcome = await submitForm(form, secondStepSchema, finish, { hide: ["code"] });
  if (!outcome.ok) return data({ reply: outcome.reply }, { status: 401 });
  if (outcome.value === null) {
    return redirect(signInPath(returnTo), { headers: { "set-cookie": clearedStepCookie(appUrl) } });
  }
  const headers = new Headers();
  headers.append("set-cookie", outcome.value);
  headers.append("set-cookie", clearedStepCookie(appUrl));
  return redirect(returnTo, { headers });
}

export default function SignInCodeRoute() {
  const result = useActionData<typeof action>();
  return <SignInCodePage {...useLoaderData<typeof loader>()} lastResult={result?.reply} />;
}
