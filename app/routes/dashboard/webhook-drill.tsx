import { type ActionFunctionArgs, data, type LoaderFunctionArgs, redirect } from "@remix-run/node";
import { useActionData, useLoaderData } from "@remix-run/react";
import { page, pageMeta } from "~/components/layout/trail";
import { isAllowed } from "~/domain/users/permissions";
import { startDrill } from "~/domain/webhooks/start-drill.server";
import { inScope } from "~/features/navigation/scope-path";
import { DrillPage } from "~/features/webhooks/drill-page";
import { presentDrills } from "~/features/webhooks/drills.presenter.server";
import { presentEndpoint } from "~/features/webhooks/webhooks.presenter.server";
import { formText, pageNotFound, refusalMessage } from "~/http/form.server";
import { requireScope } from "~/http/require-user.server";
import { isUuid } from "~/lib/ids";

export const handle = page((_, params) => [
  { label: "Webhooks", to: inScope(params, "webhooks") },
  { label: "Endpoint", to: inScope(params, `webhooks/${params.webhookId}`) },
  { label: "Integration drill" },
]);
export const meta = pageMeta;

/** @throws a 404 for another application's or merchant's endpoint, and for any in live mode. */
async function load(request: Request, params: LoaderFunctionArgs["params"]) {
  const scope = await requireScope(request, params);
  const webhookId = params.webhookId ?? "";
  const where = { applicationId: scope.application.id, mode: scope.mode, webhookId };
  const mayBe = scope.mode === "test" && isUuid(webhookId);
  const endpoint = mayBe ? await presentEndpoint(scope.actor, where, scope.services) : null;
  if (endpoint === null) throw pageNotFound(request);
  return { ...scope, endpoint, endpointTo: inScope(params, `webhooks/${endpoint.id}`) };
}

export async function loader({ request, params }: LoaderFunctionArgs) {
  const { actor, role, services, endpoint, endpointTo } = await load(request, params);
  const drillId = new URL(request.url).searchParams.get("drill");
  return {
    ...(await presentDrills(actor, { webhookId: endpoint.id, drillId }, services)),
    endpoint: { id: endpoint.id, url: endpoint.url },
    endpointTo,
    mayRun: isAllowed(role, "webhooks.write") && endpoint.state !== "archived",
  };
}

export async function action({ request, params }: ActionFunctionArgs) {
  const { actor, application, services, endpoint, endpointTo } = await load(request, params);
  if (formText(await request.formData(), "intent") !== "run")
    return data({ problem: "This page cannot do that." }, { status: 400 });
  try {
    await startDrill(actor, { applicationId: application.id, webhookId: endpoint.id }, services);
  } catch (error) {
    return data({ problem: refusalMessage(error) }, { status: 400 });
  }
  // Without the id of an earlier run: the newest is shown.
  return redirect(`${endpointTo}/drill`);
}

export default function WebhookDrillRoute() {
  const result = useActionData<typeof action>();
  return <DrillPage {...useLoaderData<typeof loader>()} problem={result?.problem ?? null} />;
}
