import { data, type LoaderFunctionArgs } from "@remix-run/node";
import { Outlet, useRouteLoaderData } from "@remix-run/react";
import { rememberScope } from "~/features/navigation/scope-cookie.server";
import { ScopeNotice } from "~/features/navigation/scope-notice";
import { requireScope } from "~/http/require-user.server";

export async function loader({ request, params }: LoaderFunctionArgs) {
  const { application, mode } = await requireScope(request, params);
  const setCookie = application.archivedAt
    ? null
    : rememberScope(request, { applicationId: application.id, mode });
  return data(
    {
      mode,
      application: {
        id: application.id,
        name: application.name,
        isEnabled: application.isEnabled,
        isArchived: application.archivedAt !== null,
      },
    },
    { headers: setCookie ? { "set-cookie": setCookie } : {} },
  );
}

/** The application and mode that the pages below are about. */
function useScope() {
  const scope = useRouteLoaderData<typeof loader>("routes/dashboard/scope");
  if (!scope) throw new Error("useScope is for pages under /apps/:applicationId/:mode");
  return scope;
}

export default function ScopeLayout() {
  const { application } = useScope();
  return (
    <>
      <ScopeNotice application={application} />
      <Outlet />
    </>
  );
}

export { DashboardError as ErrorBoundary } from "~/features/navigation/dashboard-error";
