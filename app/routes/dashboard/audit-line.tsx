import type { LoaderFunctionArgs, MetaFunction } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { AuditLinePage } from "~/features/audit/audit-line-page";
import { presentAuditLine } from "~/features/audit/audit-log.presenter.server";
import { actionWords } from "~/features/audit/audit-words";
import { pageForbidden, pageNotFound } from "~/http/form.server";
import { requireUser } from "~/http/require-user.server";

export const meta: MetaFunction<typeof loader> = ({ data }) => [
  { title: `${data ? `${actionWords(data.view.action)} · ` : ""}Audit log · Kadosei` },
];

export async function loader({ request, params }: LoaderFunctionArgs) {
  const { actor, services } = await requireUser(request);
  const view = await presentAuditLine(actor, params.lineId ?? "", services).catch(pageForbidden(request));
  if (view === null) throw pageNotFound(request);
  return { view };
}

export default function AuditLineRoute() {
  return <AuditLinePage {...useLoaderData<typeof loader>()} />;
}

export { DashboardError as ErrorBoundary } from "~/features/navigation/dashboard-error";
