import type { LoaderFunctionArgs } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { page, pageMeta } from "~/components/layout/trail";
import { ApiLogPage } from "~/features/api-logs/api-log-page";
import { presentApiLog } from "~/features/api-logs/api-logs.presenter.server";
import { inScope, scopePath } from "~/features/navigation/scope-path";
import { pageNotFound } from "~/http/form.server";
import { requireScope } from "~/http/require-user.server";

export const handle = page<typeof loader>((data, params) => [
  { label: "API logs", to: inScope(params, "developers/logs") },
  { label: data ? `${data.view.method} ${data.view.path}` : "Call" },
]);
export const meta = pageMeta;

export async function loader({ request, params }: LoaderFunctionArgs) {
  const { actor, application, mode, services } = await requireScope(request, params);
  const scope = { applicationId: application.id, mode };
  const view = await presentApiLog(actor, { ...scope, logId: params.logId ?? "" }, services);
  if (view === null) throw pageNotFound(request);
  return { view, base: scopePath(scope) };
}

export default function ApiLogRoute() {
  return <ApiLogPage {...useLoaderData<typeof loader>()} />;
}
