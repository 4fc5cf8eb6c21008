import { type ActionFunctionArgs, data, type MetaFunction } from "@remix-run/node";
import { useActionData } from "@remix-run/react";
import { passwordResetRequestSchema } from "~/contracts/auth";
import { requestPasswordReset } from "~/domain/users/reset-password.server";
import { ForgotPasswordPage } from "~/features/users/forgot-password-page";
import { submitForm } from "~/http/form.server";
import { requestContext } from "~/http/request-context";
import { getServices } from "~/services.server";

export const meta: MetaFunction = () => [{ title: "Forgotten password · Kadosei" }];

export function loader() {
  return null;
}

/** Answers alike for every address. */
export async function action({ request }: ActionFunctionArgs) {
  const services = await getServices();
  const outcome = await submitForm(await request.formData(), passwordResetRequestSchema, async (input) => {
    await requestPasswordReset(requestContext(request), input, services);
    return input.email;
  });
  return outcome.ok
    ? data({ sentTo: outcome.value, reply: undefined })
    : data({ sentTo: null, reply: outcome.reply }, { status: 400 });
}

export default function ForgotPasswordRoute() {
  const result = useActionData<typeof action>();
  return <ForgotPasswordPage sentTo={result?.sentTo ?? null} lastResult={result?.reply} />;
}
