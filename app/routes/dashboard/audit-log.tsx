import type { LoaderFunctionArgs, MetaFunction } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { auditLogPageQuerySchema } from "~/contracts/audit-log";
import { presentAuditLog } from "~/features/audit/audit-log.presenter.server";
import { AuditLogPage } from "~/features/audit/audit-log-page";
import { pageForbidden } from "~/http/form.server";
import { requireUser } from "~/http/require-user.server";

export const meta: MetaFunction = () => [{ title: "Audit log · Kadosei" }];

export async function loader({ request }: LoaderFunctionArgs) {
  const { actor, timeZone, services } = await requireUser(request);
  const query = auditLogPageQuerySchema.parse(Object.fromEntries(new URL(request.url).searchParams));
  return { view: await presentAuditLog(actor, { query, timeZone }, services).catch(pageForbidden(request)) };
}

export default function AuditLogRoute() {
  return <AuditLogPage {...useLoaderData<typeof loader>()} />;
}

export { DashboardError as ErrorBoundary } from "~/features/navigation/dashboard-error";
