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
import { createWebhookEndpoint } from "~/domain/webhooks/create-webhook-endpoint.server";
import { scopePath } from "~/features/navigation/scope-path";
import { webhookFormSchema } from "~/features/webhooks/webhook-form-schema";
import { presentEndpoints } from "~/features/webhooks/webhooks.presenter.server";
import { WebhooksPage, type WebhooksPageProps } from "~/features/webhooks/webhooks-page";
import { formId, formText, submitForm } from "~/http/form.server";
import { confirmIdentity } from "~/http/identity.server";
import { requireScope } from "~/http/require-user.server";
import { isAppError } from "~/lib/errors";
import { newId } from "~/lib/ids";

export const handle = page("Webhooks");
export const meta = pageMeta;

/** The signing secret is in one response, which nobody may keep. */
export const headers: HeadersFunction = () => ({ "cache-control": "no-store" });

export async function loader({ request, params }: LoaderFunctionArgs) {
  const { actor, application, mode, role, services } = await requireScope(request, params);
  const scope = { applicationId: application.id, mode };
  return {
    page: await presentEndpoints(actor, scope, pageQueryOf(request), services),
    application: { name: application.name, isArchived: application.archivedAt !== null },
    mode,
    mayWrite: isAllowed(role, "webhooks.write"),
    allowsLocal: services.config.allowLocalWebhooks,
    isCreating: new URL(request.url).searchParams.has("new"),
    formId: newId(),
    path: scopePath(scope, "webhooks"),
  };
}

export async function action({ request, params }: ActionFunctionArgs) {
  const signedIn = await requireScope(request, params);
  const { actor, application, mode, services } = signedIn;
  const form = await request.formData();
  const answer = (result: WebhooksPageProps["result"], status: number) => data(result, { status });
  if (formText(form, "intent") !== "create") return answer({ problem: "This page cannot do that." }, 400);

  const outcome = await submitForm(form, webhookFormSchema, async (input) => {
    await confirmIdentity(request, signedIn, form);
    return createWebhookEndpoint(
      actor,
      { ...input, id: formId(form), applicationId: application.id, mode },
      services,
    ).catch((error: unknown) => {
      if (isAppError(error, "CONFLICT") && application.archivedAt === null) return null;
      throw error;
    });
  });
  if (!outcome.ok) return answer({ reply: outcome.reply }, 400);
  if (outcome.value === null) return answer({ alreadyCreated: true }, 409);
  const { endpoint, signingSecret } = outcome.value;
  return answer({ made: { url: endpoint.url, secret: signingSecret, isRolled: false } }, 200);
}

export default function WebhooksRoute() {
  const result = useActionData<typeof action>();
  return <WebhooksPage {...useLoaderData<typeof loader>()} result={result ?? {}} />;
}
