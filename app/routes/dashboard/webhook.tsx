import {
  type ActionFunctionArgs,
  data,
  type HeadersFunction,
  type LoaderFunctionArgs,
} from "@remix-run/node";
import { useActionData, useLoaderData } from "@remix-run/react";
import { page, pageMeta } from "~/components/layout/trail";
import { pageQueryOf } from "~/contracts/page-query";
import { isAllowed } from "~/domain/users/permissions";
import { archiveWebhookEndpoint } from "~/domain/webhooks/archive-webhook-endpoint.server";
import { retryDelivery } from "~/domain/webhooks/retry-delivery.server";
import { isAlreadyRolled, rollWebhookSecret } from "~/domain/webhooks/roll-webhook-secret.server";
import { sendTestEvent } from "~/domain/webhooks/send-test-event.server";
import { startRecovery } from "~/domain/webhooks/start-recovery.server";
import { updateWebhookEndpoint } from "~/domain/webhooks/update-webhook-endpoint.server";
import { inScope, scopePath } from "~/features/navigation/scope-path";
import {
  deliveryStatuses,
  presentDeliveries,
  presentDelivery,
} from "~/features/webhooks/deliveries.presenter.server";
import { recoverSince } from "~/features/webhooks/recover-presets";
import { webhookFormSchema } from "~/features/webhooks/webhook-form-schema";
import { WebhookPage, type WebhookPageProps } from "~/features/webhooks/webhook-page";
import { presentEndpoint } from "~/features/webhooks/webhooks.presenter.server";
import { formText, pageNotFound, submitForm } from "~/http/form.server";
import { confirmIdentity, refused } from "~/http/identity.server";
import { redirectWithNotice } from "~/http/notice.server";
import { requireScope } from "~/http/require-user.server";
import { isUuid } from "~/lib/ids";

export const handle = page((_, params) => [
  { label: "Webhooks", to: inScope(params, "webhooks") },
  { label: "Endpoint" },
]);
export const meta = pageMeta;

/** A rolled secret is in one response, which nobody may keep. */
export const headers: HeadersFunction = () => ({ "cache-control": "no-store" });

/** The scope and the endpoint of the URL. @throws a 404 for another application's, mode's or merchant's. */
async function load(request: Request, params: LoaderFunctionArgs["params"]) {
  const scope = await requireScope(request, params);
  const webhookId = params.webhookId ?? "";
  const where = { applicationId: scope.application.id, mode: scope.mode, webhookId };
  const endpoint = isUuid(webhookId) ? await presentEndpoint(scope.actor, where, scope.services) : null;
  if (endpoint === null) throw pageNotFound(request);
  return { ...scope, endpoint, base: scopePath({ applicationId: scope.application.id, mode: scope.mode }) };
}

/** This page's URL with the list's own parameters, and without those named. */
function hereWithout(request: Request, ...names: string[]): string {
  const url = new URL(request.url);
  // Set by Remix on data requests of index routes; never part of an address.
  for (const name of [...names, "index", "_routes"]) url.searchParams.delete(name);
  return url.pathname.replace(/\.data$/, "") + url.search;
}

export async function loader({ request, params }: LoaderFunctionArgs) {
  const { actor, application, role, mode, services, endpoint, base } = await load(request, params);
  const isOpen = application.archivedAt === null;
  const query = new URL(request.url).searchParams;
  const status = deliveryStatuses.find((value) => value === query.get("status")) ?? null;
  const opened = query.get("delivery") ?? "";
  const [deliveries, delivery] = await Promise.all([
    presentDeliveries(actor, { ...pageQueryOf(request), webhookId: endpoint.id, status }, services),
    isUuid(opened) ? presentDelivery(actor, { webhookId: endpoint.id, deliveryId: opened }, services) : null,
  ]);
  return {
    endpoint,
    deliveries,
    delivery,
    mode,
    may: {
      write: isOpen && isAllowed(role, "webhooks.write"),
      retry: isOpen && isAllowed(role, "webhooks.retry"),
    },
    allowsLocal: services.config.allowLocalWebhooks,
    ask:
      (["edit", "deactivate", "archive", "roll", "recover"] as const).find(
        (value) => value === query.get("ask"),
      ) ?? null,
    base,
    here: hereWithout(request, "ask"),
    closeDelivery: hereWithout(request, "ask", "delivery"),
  };
}

export async function action({ request, params }: ActionFunctionArgs) {
  const loaded = await load(request, params);
  const { actor, application, services, endpoint, base } = loaded;
  const form = await request.formData();
  const target = { applicationId: application.id, webhookId: endpoint.id };
  const answer = (result: WebhookPageProps["result"], status = 400) => data(result, { status });
  const done = (text: string) => redirectWithNotice(hereWithout(request, "ask"), text);

  try {
    switch (formText(form, "intent")) {
      case "save": {
        const outcome = await submitForm(form, webhookFormSchema, (input) =>
          updateWebhookEndpoint(actor, { ...target, ...input }, services),
        );
        return outcome.ok ? done("Endpoint saved") : answer({ reply: outcome.reply });
      }
      case "test": {
        const { deliveryId } = await sendTestEvent(actor, target, services);
        return redirectWithNotice(
          `${base}/webhooks/${endpoint.id}?delivery=${deliveryId}`,
          "Test event on its way",
        );
      }
      case "activate":
        await updateWebhookEndpoint(actor, { ...target, isActive: true }, services);
        return done("Endpoint turned on");
      case "deactivate":
        await updateWebhookEndpoint(actor, { ...target, isActive: false }, services);
        return done("Endpoint turned off");
      case "archive":
        await archiveWebhookEndpoint(actor, target, services);
        return done("Endpoint archived");
      case "retry": {
        const deliveryId = formText(form, "id");
        if (!isUuid(deliveryId)) break;
        await retryDelivery(actor, { ...target, deliveryId }, services);
        return done("Sending it again");
      }
      case "recover": {
        const now = services.clock.now();
        const since = recoverSince(formText(form, "since"), now, endpoint.failingSince);
        if (since === null) break;
        const includeDelivered = formText(form, "includeDelivered") === "true";
        await startRecovery(actor, { ...target, since, includeDelivered }, services);
        return done("Recovery started");
      }
      case "roll": {
        await confirmIdentity(request, loaded, form);
        const fingerprint = formText(form, "fingerprint");
        const { signingSecret } = await rollWebhookSecret(actor, { ...target, fingerprint }, services);
        return answer({ made: { url: endpoint.url, secret: signingSecret, isRolled: true } }, 200);
      }
    }
  } catch (error) {
    if (isAlreadyRolled(error)) return answer({ alreadyRolled: true }, 409);
    return answer(refused(error));
  }
  return answer({ problem: "This page cannot do that." });
}

export default function WebhookRoute() {
  const result = useActionData<typeof action>();
  return <WebhookPage {...useLoaderData<typeof loader>()} result={result ?? {}} />;
}
