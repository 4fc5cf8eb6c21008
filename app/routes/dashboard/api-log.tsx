import type { LoaderFunctionArgs, MetaFunction } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { ApiLogPage } from "~/features/api-logs/api-log-page";
import { presentApiLog } from "~/features/api-logs/api-logs.presenter.server";
import { scopePath } from "~/features/navigation/scope-path";
import { pageNotFound } from "~/http/form.server";
import { requireScope } from "~/http/require-user.server";

export const meta: MetaFunction<typeof loader> = ({ data }) => [
  { title: data ? `${data.view.method} ${data.view.path} · API logs · Kadosei` : "API logs · Kadosei" },
];

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
