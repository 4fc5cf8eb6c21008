import {
  type ActionFunctionArgs,
  data,
  type LoaderFunctionArgs,
  type MetaFunction,
  redirect,
} from "@remix-run/node";
import { useActionData, useLoaderData } from "@remix-run/react";
import { passwordResetSchema } from "~/contracts/auth";
import { findPasswordReset, resetPassword } from "~/domain/users/reset-password.server";
import { ResetPasswordPage } from "~/features/users/reset-password-page";
import { submitForm } from "~/http/form.server";
import { linkTokenOf } from "~/http/link-token";
import { requestContext } from "~/http/request-context";
import { endSession } from "~/http/require-user.server";
import { getServices } from "~/services.server";

export const meta: MetaFunction = () => [{ title: "New password · Kadosei" }];

/** Only looks: a mailbox's scanner opens links too. */
export async function loader({ request }: LoaderFunctionArgs) {
  const token = linkTokenOf(request);
  const found = token === null ? null : await findPasswordReset({ token }, await getServices());
  return data({ email: found?.email ?? null }, { status: found === null ? 410 : 200 });
}

export async function action({ request }: ActionFunctionArgs) {
  const services = await getServices();
  const token = linkTokenOf(request) ?? "";
  const outcome = await submitForm(
    await request.formData(),
    passwordResetSchema,
    ({ password }) => resetPassword(requestContext(request), { token, password }, services),
    { hide: ["password"] },
  );
  if (!outcome.ok) return data({ reply: outcome.reply }, { status: 400 });
  return redirect("/sign-in?said=password-set", {
    headers: { "set-cookie": await endSession(request, services) },
  });
}

export default function ResetPasswordRoute() {
  const result = useActionData<typeof action>();
  return <ResetPasswordPage {...useLoaderData<typeof loader>()} lastResult={result?.reply} />;
}
