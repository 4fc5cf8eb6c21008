import { type ActionFunctionArgs, data, type LoaderFunctionArgs, redirect } from "@remix-run/node";
import { useActionData, useLoaderData } from "@remix-run/react";
import { page, pageMeta } from "~/components/layout/trail";
import { type SignIn, signInSchema } from "~/contracts/auth";
import { signIn } from "~/domain/users/sign-in.server";
import { createUserSession, endUserSession } from "~/domain/users/user-session.server";
import { demoSignIn, presentDemo } from "~/features/users/demo.presenter.server";
import { SignInPage } from "~/features/users/sign-in-page";
import { formText, refusalMessage, submitForm } from "~/http/form.server";
import { requestContext } from "~/http/request-context";
import { findUser } from "~/http/require-user.server";
import { safeReturnTo } from "~/http/return-to";
import { readSessionToken, sessionCookie } from "~/http/session-cookie.server";
import { getServices } from "~/services.server";

export const handle = page("Sign in");
export const meta = pageMeta;

export async function loader({ request }: LoaderFunctionArgs) {
  const returnTo = safeReturnTo(new URL(request.url).searchParams.get("returnTo"));
  if ((await findUser(request)) !== null) throw redirect(returnTo);
  return { demo: await presentDemo(await getServices()), returnTo };
}

export async function action({ request }: ActionFunctionArgs) {
  const services = await getServices();
  const form = await request.formData();
  const returnTo = safeReturnTo(form.get("returnTo"));

  /** A new session in place of the one that this browser may have had. */
  const enter = async (input: SignIn) => {
    const origin = requestContext(request);
    const user = await signIn(origin, input, services);
    const before = readSessionToken(request, services.config.appUrl);
    if (before !== null) await endUserSession(origin, { token: before }, services);
    const { token, expiresAt } = await createUserSession(origin, { user }, services);
    return redirect(returnTo, {
      headers: { "set-cookie": sessionCookie(token, expiresAt, services.config.appUrl) },
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
  const { demo, returnTo } = useLoaderData<typeof loader>();
  const result = useActionData<typeof action>();
  return <SignInPage demo={demo} returnTo={returnTo} lastResult={result?.reply} />;
}
