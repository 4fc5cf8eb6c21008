import { type LoaderFunctionArgs, redirect } from "@remix-run/node";
import { scopePath } from "~/features/navigation/scope-path";
import { presentSessionScope } from "~/features/navigation/session-scope.presenter.server";
import { pageNotFound } from "~/http/form.server";
import { requireUser } from "~/http/require-user.server";
import { isUuid } from "~/lib/ids";

/** A payment session's page from its id alone: for links in other tools. */
export async function loader({ request, params }: LoaderFunctionArgs) {
  const { actor, services } = await requireUser(request);
  const id = params.sessionId ?? "";
  const scope = isUuid(id) ? await presentSessionScope(actor, id, services) : null;
  if (scope === null) throw pageNotFound(request);
  return redirect(scopePath(scope, `sessions/${id}`));
}

/** There to make this a page, so that a missing session is answered by one. */
export default function SessionLink() {
  return null;
}

export { DashboardError as ErrorBoundary } from "~/features/navigation/dashboard-error";
