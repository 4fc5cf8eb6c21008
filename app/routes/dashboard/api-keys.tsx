import {
  type ActionFunctionArgs,
  data,
  type HeadersFunction,
  type LoaderFunctionArgs,
} from "@remix-run/node";
import { useActionData, useLoaderData } from "@remix-run/react";
import { page, pageMeta } from "~/components/layout/trail";
import { pageQueryOf } from "~/contracts/page-query";
import type { NewApiKey } from "~/domain/api-keys/api-key";
import { createApiKey } from "~/domain/api-keys/create-api-key.server";
import { revokeApiKey } from "~/domain/api-keys/revoke-api-key.server";
import { rollApiKey } from "~/domain/api-keys/roll-api-key.server";
import { isAllowed } from "~/domain/users/permissions";
import { apiKeyFormSchema, apiKeyRollFormSchema, expiryOf } from "~/features/api-keys/api-key-form-schema";
import { presentApiKeys } from "~/features/api-keys/api-keys.presenter.server";
import { ApiKeysPage, type ApiKeysPageProps } from "~/features/api-keys/api-keys-page";
import { tryItCommand, tryItTemplate } from "~/features/api-keys/try-it";
import { scopePath } from "~/features/navigation/scope-path";
import { formId, formText, submitForm } from "~/http/form.server";
import { confirmIdentity, refused } from "~/http/identity.server";
import { redirectWithNotice } from "~/http/notice.server";
import { requireScope } from "~/http/require-user.server";
import { isAppError } from "~/lib/errors";
import { isUuid, newId } from "~/lib/ids";

export const handle = page("API keys");
export const meta = pageMeta;

/** The key is in one response, which nobody may keep. */
export const headers: HeadersFunction = () => ({ "cache-control": "no-store" });

export async function loader({ request, params }: LoaderFunctionArgs) {
  const { actor, application, mode, role, services } = await requireScope(request, params);
  const query = new URL(request.url).searchParams;
  const open = (["new", "roll", "revoke"] as const).find((name) => query.has(name)) ?? null;
  const named = open === null ? "" : (query.get(open) ?? "");
  const isArchived = application.archivedAt !== null;
  const chosenId = isUuid(named) ? named : null;
  const scope = { applicationId: application.id, isArchived, mode, chosenId };
  const view = await presentApiKeys(actor, scope, pageQueryOf(request), services);
  const key = view.page.items.find(({ state }) => state === "working" || state === "expiring");
  return {
    view,
    tryIt:
      key === undefined
        ? null
        : tryItTemplate({
            appUrl: services.config.appUrl,
            keyPrefix: key.keyPrefix,
            mode,
            idempotencyKey: crypto.randomUUID(),
          }),
    application: { name: application.name },
    mode,
    open,
    mayWrite: !isArchived && isAllowed(role, "api_keys.write"),
    formId: newId(),
  };
}

export async function action({ request, params }: ActionFunctionArgs) {
  const signedIn = await requireScope(request, params);
  const { actor, application, mode, services } = signedIn;
  const form = await request.formData();
  const intent = formText(form, "intent");
  const applicationId = application.id;
  const keyId = formText(form, "id");
  const answer = (result: ApiKeysPageProps["result"], status = 400) => data(result, { status });
  const shown = ({ apiKey, fullKey }: NewApiKey) =>
    answer(
      {
        created: {
          description: apiKey.description,
          fullKey,
          mode: apiKey.mode,
          expiresAt: apiKey.expiresAt?.toISOString() ?? null,
          tryIt: tryItCommand({
            appUrl: services.config.appUrl,
            fullKey,
            mode: apiKey.mode,
            idempotencyKey: crypto.randomUUID(),
          }),
        },
      },
      200,
    );

  try {
    if (intent === "create") {
      const outcome = await submitForm(form, apiKeyFormSchema, async ({ description, lifetime }) => {
        await confirmIdentity(request, signedIn, form);
        const expiresAt = expiryOf(lifetime, services.clock.now());
        return createApiKey(
          actor,
          { id: formId(form), applicationId, mode, description, expiresAt },
          services,
        ).catch((error: unknown) => {
          if (isAppError(error, "CONFLICT") && application.archivedAt === null) return null;
          throw error;
        });
      });
      if (!outcome.ok) return answer({ reply: outcome.reply });
      return outcome.value === null ? answer({ alreadyCreated: true }, 409) : shown(outcome.value);
    }
    if (intent === "roll" && isUuid(keyId)) {
      await confirmIdentity(request, signedIn, form);
      const parsed = apiKeyRollFormSchema.safeParse({ graceHours: formText(form, "graceHours") });
      if (!parsed.success) return answer({ problem: "Choose how long the old key goes on working." });
      return shown(await rollApiKey(actor, { applicationId, keyId, ...parsed.data }, services));
    }
    if (intent === "revoke" && isUuid(keyId)) {
      await revokeApiKey(actor, { applicationId, keyId }, services);
      return redirectWithNotice(scopePath({ applicationId, mode }, "api-keys"), "API key revoked");
    }
  } catch (error) {
    return answer(refused(error));
  }
  return answer({ problem: "This page cannot do that." });
}

export default function ApiKeysRoute() {
  const result = useActionData<typeof action>();
  return <ApiKeysPage {...useLoaderData<typeof loader>()} result={result ?? {}} />;
}
