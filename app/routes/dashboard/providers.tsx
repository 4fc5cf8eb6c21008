import { type ActionFunctionArgs, data, type LoaderFunctionArgs } from "@remix-run/node";
import { useActionData, useLoaderData } from "@remix-run/react";
import { page, pageMeta } from "~/components/layout/trail";
import { createConnection } from "~/domain/providers/create-connection.server";
import { testConnection } from "~/domain/providers/test-connection.server";
import { updateConnection } from "~/domain/providers/update-connection.server";
import { isAllowed } from "~/domain/users/permissions";
import { scopePath } from "~/features/navigation/scope-path";
import {
  connectFormSchema,
  credentialsFormSchema,
  termsFormSchema,
} from "~/features/providers/connect-form-schema";
import {
  type ConnectionView,
  type ProviderForm,
  presentProviderForms,
  presentProviders,
} from "~/features/providers/providers.presenter.server";
import { ProvidersPage, type ProvidersPageProps } from "~/features/providers/providers-page";
import { simulatorFormSchema } from "~/features/providers/simulator-form-schema";
import { formText, submitForm } from "~/http/form.server";
import { confirmIdentity, refused } from "~/http/identity.server";
import { redirectWithNotice } from "~/http/notice.server";
import { requireScope } from "~/http/require-user.server";
import { isUuid } from "~/lib/ids";

export const handle = page("Providers");
export const meta = pageMeta;

export async function loader({ request, params }: LoaderFunctionArgs) {
  const { actor, application, mode, role, services } = await requireScope(request, params);
  const connections = await presentProviders(actor, { applicationId: application.id, mode }, services);
  const forms = presentProviderForms(mode, services);
  const query = new URL(request.url).searchParams;
  const pause = query.get("pause");
  const may = isAllowed(role, mode === "live" ? "providers.write_live" : "providers.write_test");
  const mayWrite = may && application.archivedAt === null;
  return {
    connections,
    applicationName: application.name,
    mode,
    mayWrite,
    pausing: (mayWrite && connections.find(({ id, isActive }) => id === pause && isActive)) || null,
    forms,
    connecting: mayWrite ? connecting(query.get("connect"), forms) : null,
    changing: mayWrite ? changing(query.get("credentials"), connections, forms) : null,
    editing: (mayWrite && connections.find(({ id }) => id === query.get("edit"))) || null,
    path: scopePath({ applicationId: application.id, mode }, "providers"),
    testPath: scopePath({ applicationId: application.id, mode: "test" }, "providers"),
  };
}

/** `?connect` is the choice, `?connect=stripe` one provider's form. */
function connecting(provider: string | null, forms: ProviderForm[]): ProvidersPageProps["connecting"] {
  if (provider === null) return null;
  return forms.find((form) => form.provider === provider) ?? "choose";
}

function changing(
  id: string | null,
  connections: ConnectionView[],
  forms: ProviderForm[],
): ProvidersPageProps["changing"] {
  const connection = connections.find((one) => one.id === id && one.simulator === null);
  const form = forms.find(({ provider }) => provider === connection?.provider);
  return connection && form ? { connection, form } : null;
}

export async function action({ request, params }: ActionFunctionArgs) {
  const signedIn = await requireScope(request, params);
  const { actor, application, mode, services } = signedIn;
  const form = await request.formData();
  const intent = formText(form, "intent");
  const here = scopePath({ applicationId: application.id, mode }, "providers");
  const target = { applicationId: application.id, connectionId: formText(form, "id") };
  const answer = (result: ProvidersPageProps["result"]) => data(result, { status: 400 });
  try {
    if (intent === "connect") {
      const provider = formText(form, "provider");
      form.delete("provider");
      const outcome = await submitForm(
        form,
        connectFormSchema,
        async (input) => {
          await confirmIdentity(request, signedIn, form);
          const connection = { ...input, provider, mode, applicationId: application.id, isActive: true };
          return createConnection(actor, connection, services);
        },
        { hide: secretNames(form) },
      );
      if (!outcome.ok) return answer({ reply: outcome.reply });
      return redirectWithNotice(here, "Connected. Test the connection before payments go there");
    }
    if (!isUuid(target.connectionId)) return answer({ problem: "This page cannot do that." });
    if (intent === "credentials") {
      const outcome = await submitForm(
        form,
        credentialsFormSchema,
        async (change) => {
          await confirmIdentity(request, signedIn, form);
          return updateConnection(actor, { ...target, ...change }, services);
        },
        { hide: secretNames(form) },
      );
      if (!outcome.ok) return answer({ id: target.connectionId, form: intent, reply: outcome.reply });
      return redirectWithNotice(here, "Credentials changed");
    }
    if (intent === "edit") {
      const outcome = await submitForm(form, termsFormSchema, (change) =>
        updateConnection(actor, { ...target, ...change }, services),
      );
      if (!outcome.ok) return answer({ id: target.connectionId, form: intent, reply: outcome.reply });
      return redirectWithNotice(here, "Connection saved");
    }
    if (intent === "test") {
      const { status, message, latencyMs } = await testConnection(actor, target, services);
      if (status === "ok") return redirectWithNotice(here, `${message} (${latencyMs} ms)`);
      return answer({ problem: `The test failed: ${message}.` });
    }
    if (intent === "simulate") {
      const outcome = await submitForm(form, simulatorFormSchema, (simulatorSettings) =>
        updateConnection(actor, { ...target, simulatorSettings }, services),
      );
      if (!outcome.ok) return answer({ id: target.connectionId, form: intent, reply: outcome.reply });
      return redirectWithNotice(here, "The simulator plays it so from now on");
    }
    if (intent === "pause" || intent === "resume") {
      const isActive = intent === "resume";
      await updateConnection(actor, { ...target, isActive }, services);
      return redirectWithNotice(here, isActive ? "Connection resumed" : "Connection paused");
    }
  } catch (error) {
    return answer(refused(error));
  }
  return answer({ problem: "This page cannot do that." });
}

/** Fields whose input must not come back in the page. */
const secretNames = (form: FormData) =>
  [...form.keys()].filter((name) => name.startsWith("credentials.") || name === "webhookSecret");

export default function ProvidersRoute() {
  const result = useActionData<typeof action>();
  return <ProvidersPage {...useLoaderData<typeof loader>()} result={result ?? {}} />;
}
