import type { LoaderFunctionArgs } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { page, pageMeta } from "~/components/layout/trail";
import { pageQueryOf } from "~/contracts/page-query";
import { isAllowed } from "~/domain/users/permissions";
import { presentApplications } from "~/features/applications/applications.presenter.server";
import { ApplicationsPage } from "~/features/applications/applications-page";
import { requireUser } from "~/http/require-user.server";

export const handle = page("Applications");
export const meta = pageMeta;

export async function loader({ request }: LoaderFunctionArgs) {
  const { actor, role, services } = await requireUser(request);
  const page = await presentApplications(actor, pageQueryOf(request), services);
  return { page, mayCreate: isAllowed(role, "applications.write") };
}

export default function ApplicationsRoute() {
  return <ApplicationsPage {...useLoaderData<typeof loader>()} />;
}

export { DashboardError as ErrorBoundary } from "~/features/navigation/dashboard-error";
