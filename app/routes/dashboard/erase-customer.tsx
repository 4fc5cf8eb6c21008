import {
  type ActionFunctionArgs,
  data,
  type HeadersFunction,
  type LoaderFunctionArgs,
  type MetaFunction,
} from "@remix-run/node";
import { useActionData, useLoaderData } from "@remix-run/react";
import { z } from "zod";
import { text } from "~/contracts/common";
import { eraseCustomer, findCustomer } from "~/domain/privacy/erase-customer.server";
import { isAllowed } from "~/domain/users/permissions";
import { EraseCustomerPage, type EraseCustomerPageProps } from "~/features/applications/erase-customer-page";
import { formText, submitForm } from "~/http/form.server";
import { requireUser } from "~/http/require-user.server";

export const meta: MetaFunction = () => [{ title: "Erase a customer · Kadosei" }];

/** The answer names a customer. */
export const headers: HeadersFunction = () => ({ "cache-control": "no-store" });

const schema = z.strictObject({ email: text(254).pipe(z.email("must be an e-mail address")) });

export async function loader({ request }: LoaderFunctionArgs) {
  const { role } = await requireUser(request);
  return { mayErase: isAllowed(role, "privacy.write") };
}

export async function action({ request }: ActionFunctionArgs) {
  const { actor, services } = await requireUser(request);
  const form = await request.formData();
  const intent = formText(form, "intent");
  const answer = (result: Omit<EraseCustomerPageProps, "mayErase">, status = 200) => data(result, { status });
  if (intent === "find") {
    const outcome = await submitForm(form, schema, async ({ email }) => ({
      email,
      ...(await findCustomer(actor, { email }, services)),
    }));
    return outcome.ok ? answer({ found: outcome.value }) : answer({ lastResult: outcome.reply }, 400);
  }
  if (intent === "erase") {
    const outcome = await submitForm(form, schema, async ({ email }) => ({
      email,
      ...(await eraseCustomer(actor, { email }, services)),
    }));
    return outcome.ok ? answer({ done: outcome.value }) : answer({ lastResult: outcome.reply }, 400);
  }
  return answer({}, 400);
}

export default function EraseCustomerRoute() {
  return <EraseCustomerPage {...useLoaderData<typeof loader>()} {...useActionData<typeof action>()} />;
}

export { DashboardError as ErrorBoundary } from "~/features/navigation/dashboard-error";
