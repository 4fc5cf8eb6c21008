import type { LoaderFunctionArgs } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { page, pageMeta } from "~/components/layout/trail";
import { apiLogsPageQuerySchema } from "~/contracts/api-logs";
import { presentApiLogs } from "~/features/api-logs/api-logs.presenter.server";
import { ApiLogsPage } from "~/features/api-logs/api-logs-page";
import { scopePath } from "~/features/navigation/scope-path";
import { requireScope } from "~/http/require-user.server";

export const handle = page("API logs");
export const meta = pageMeta;

export async function loader({ request, params }: LoaderFunctionArgs) {
  const { actor, application, mode, services, timeZone } = await requireScope(request, params);
  const query = apiLogsPageQuerySchema.parse(Object.fromEntries(new URL(request.url).searchParams));
  const scope = { applicationId: application.id, mode };
  const view = await presentApiLogs(actor, { ...scope, timeZone, query }, services);
  return { view, base: scopePath(scope), mode };
}

export default function ApiLogsRoute() {
  return <ApiLogsPage {...useLoaderData<typeof loader>()} />;
}
