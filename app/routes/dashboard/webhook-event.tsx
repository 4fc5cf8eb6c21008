import { type ActionFunctionArgs, data, type LoaderFunctionArgs } from "@remix-run/node";
import { useActionData, useLoaderData } from "@remix-run/react";
import { page, pageMeta } from "~/components/layout/trail";
import { isAllowed } from "~/domain/users/permissions";
import { resendDelivery } from "~/domain/webhooks/retry-delivery.server";
import { inScope, scopePath } from "~/features/navigation/scope-path";
import { presentEvent } from "~/features/webhooks/deliveries.presenter.server";
import { EventPage } from "~/features/webhooks/event-page";
import { formText, pageNotFound, refusalMessage } from "~/http/form.server";
import { redirectWithNotice } from "~/http/notice.server";
import { requireScope } from "~/http/require-user.server";
import { isUuid } from "~/lib/ids";

export const handle = page<typeof loader>((data, params) => [
  { label: "Webhooks", to: inScope(params, "webhooks") },
  { label: data?.event.type ?? "Event" },
]);
export const meta = pageMeta;

/** @throws a 404 for another application's, mode's or merchant's. */
async function load(request: Request, params: LoaderFunctionArgs["params"]) {
  const scope = await requireScope(request, params);
  const eventId = params.eventId ?? "";
  const where = { applicationId: scope.application.id, mode: scope.mode, eventId };
  const event = isUuid(eventId) ? await presentEvent(scope.actor, where, scope.services) : null;
  if (event === null) throw pageNotFound(request);
  return { ...scope, event };
}

export async function loader({ request, params }: LoaderFunctionArgs) {
  const { event, application, mode, role } = await load(request, params);
  return {
    event,
    base: scopePath({ applicationId: application.id, mode }),
    mayRetry: isAllowed(role, "webhooks.retry"),
  };
}

export async function action({ request, params }: ActionFunctionArgs) {
  const { actor, application, services, event } = await load(request, params);
  const form = await request.formData();
  const deliveryId = formText(form, "id");
  if (formText(form, "intent") !== "retry" || !isUuid(deliveryId))
    return data({ problem: "This page cannot do that." }, { status: 400 });
  try {
    await resendDelivery(actor, { applicationId: application.id, eventId: event.id, deliveryId }, services);
  } catch (error) {
    return data({ problem: refusalMessage(error) }, { status: 400 });
  }
  return redirectWithNotice(new URL(request.url).pathname.replace(/\.data$/, ""), "Sending it again");
}

export default function WebhookEventRoute() {
  const result = useActionData<typeof action>();
  return <EventPage {...useLoaderData<typeof loader>()} problem={result?.problem ?? null} />;
}
