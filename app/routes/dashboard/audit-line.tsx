import type { LoaderFunctionArgs } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { page, pageMeta } from "~/components/layout/trail";
import { AuditLinePage } from "~/features/audit/audit-line-page";
import { presentAuditLine } from "~/features/audit/audit-log.presenter.server";
import { actionWords } from "~/features/audit/audit-words";
import { pageForbidden, pageNotFound } from "~/http/form.server";
import { requireUser } from "~/http/require-user.server";

export const handle = page<typeof loader>((data) => [
  { label: "Audit log", to: "/audit-log" },
  { label: data ? actionWords(data.view.action) : "Line" },
]);
export const meta = pageMeta;

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
