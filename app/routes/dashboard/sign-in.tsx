import { type ActionFunctionArgs, data, type LoaderFunctionArgs, redirect } from "@remix-run/node";
import { useActionData, useLoaderData } from "@remix-run/react";
import { page, pageMeta } from "~/components/layout/trail";
import { type SignIn, signInSchema } from "~/contracts/auth";
import { startSecondStep } from "~/domain/users/second-step.server";
import { signIn } from "~/domain/users/sign-in.server";
import { demoSignIn, presentDemo } from "~/features/users/demo.presenter.server";
import { SignInPage } from "~/features/users/sign-in-page";
import { formText, refusalMessage, submitForm } from "~/http/form.server";
import { requestContext } from "~/http/request-context";
import { findUser } from "~/http/require-user.server";
import { safeReturnTo } from "~/http/return-to";
import { stepCookie } from "~/http/session-cookie.server";
import { startSession } from "~/http/start-session.server";
import { getServices } from "~/services.server";

export const handle = page("Sign in");
export const meta = pageMeta;

/** What led here, by its name in the URL: nobody else's words are shown. */
const SAID: Readonly<Record<string, string>> = {
  "password-set": "Your new password is set. Sign in with it.",
  "signed-out": "You are signed out everywhere.",
};

export async function loader({ request }: LoaderFunctionArgs) {
  const returnTo = safeReturnTo(new URL(request.url).searchParams.get("returnTo"));
  if ((await findUser(request)) !== null) throw redirect(returnTo);
  const said = SAID[new URL(request.url).searchParams.get("said") ?? ""] ?? null;
  return { demo: await presentDemo(await getServices()), returnTo, said };
}

export async function action({ request }: ActionFunctionArgs) {
  const services = await getServices();
  const form = await request.formData();
  const returnTo = safeReturnTo(form.get("returnTo"));

  const enter = async (input: SignIn) => {
    const user = await signIn(requestContext(request), input, services);
    if (user.hasSecondFactor) {
      const token = await startSecondStep({ user }, services);
      return redirect(`/sign-in/code${returnTo === "/" ? "" : `?returnTo=${encodeURIComponent(returnTo)}`}`, {
        headers: { "set-cookie": stepCookie(token, services.config.appUrl) },
      });
    }
    return redirect(returnTo, {
      headers: { "set-cookie": await startSession(request, { user }, services) },
    });
  };

  if (formText(form, "intent") === "demo") {
    if ((await presentDemo(services)) === null) throw new Response("Not Found", { status: 404 });
    try {
      return await enter(demoSignIn);
    } catch (error) {
      const message = refusalMessage(error);
      return data({ reply: { status: "error" as const, error: { "": [message] } } }, { status: 401 });
    }
  }
  const outcome = await submitForm(form, signInSchema, enter, { hide: ["password"] });
  return outcome.ok ? outcome.value : data({ reply: outcome.reply }, { status: 401 });
}

export default function SignInRoute() {
  const view = useLoaderData<typeof loader>();
  const result = useActionData<typeof action>();
  return <SignInPage {...view} lastResult={result?.reply} />;
}
