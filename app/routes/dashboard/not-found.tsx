import type { ActionFunctionArgs, LoaderFunctionArgs } from "@remix-run/node";
import { DashboardError } from "~/features/navigation/dashboard-error";
import { pageNotFound } from "~/http/form.server";
import { requireScope } from "~/http/require-user.server";

/** No such page of this application and mode: the frame around the answer stays. */
export async function loader({ request, params }: LoaderFunctionArgs): Promise<never> {
  await requireScope(request, params);
  throw pageNotFound(request);
}

export async function action({ request, params }: ActionFunctionArgs): Promise<never> {
  await requireScope(request, params);
  throw pageNotFound(request);
}

export default function NotFound() {
  return null;
}

export { DashboardError as ErrorBoundary };
