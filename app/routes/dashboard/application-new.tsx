import { type ActionFunctionArgs, data, type LoaderFunctionArgs } from "@remix-run/node";
import { useActionData, useLoaderData } from "@remix-run/react";
import { page, pageMeta } from "~/components/layout/trail";
import { applicationCreateSchema } from "~/contracts/applications";
import { createApplication } from "~/domain/applications/create-application.server";
import { isAllowed } from "~/domain/users/permissions";
import { NewApplicationPage } from "~/features/applications/new-application-page";
import { presentNavigation } from "~/features/navigation/navigation.presenter.server";
import { submitForm } from "~/http/form.server";
import { redirectWithNotice } from "~/http/notice.server";
import { requireUser } from "~/http/require-user.server";

export const handle = page(() => [
  { label: "Applications", to: "/applications" },
  { label: "New application" },
]);
export const meta = pageMeta;

export async function loader({ request }: LoaderFunctionArgs) {
  const signedIn = await requireUser(request);
  const { applications } = await presentNavigation(signedIn, null);
  return { isFirst: applications.length === 0, mayCreate: isAllowed(signedIn.role, "applications.write") };
}

export async function action({ request }: ActionFunctionArgs) {
  const { actor, services } = await requireUser(request);
  const outcome = await submitForm(
    await request.formData(),
    applicationCreateSchema,
    (input) => createApplication(actor, input, services),
    { conflictField: "name" },
  );
  if (!outcome.ok) return data({ reply: outcome.reply }, { status: 400 });
  const { id, name } = outcome.value;
  return redirectWithNotice(`/apps/${id}/test`, `${name} is ready for test payments`);
}

export default function NewApplicationRoute() {
  const result = useActionData<typeof action>();
  return <NewApplicationPage {...useLoaderData<typeof loader>()} lastResult={result?.reply} />;
}

export { DashboardError as ErrorBoundary } from "~/features/navigation/dashboard-error";
