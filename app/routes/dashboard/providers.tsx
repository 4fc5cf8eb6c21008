import { type ActionFunctionArgs, data, type LoaderFunctionArgs, type MetaFunction } from "@remix-run/node";
import { useActionData, useLoaderData } from "@remix-run/react";
import { updateConnection } from "~/domain/providers/update-connection.server";
import { isAllowed } from "~/domain/users/permissions";
import { scopePath } from "~/features/navigation/scope-path";
import { presentProviders } from "~/features/providers/providers.presenter.server";
import { ProvidersPage, type ProvidersPageProps } from "~/features/providers/providers-page";
import { simulatorFormSchema } from "~/features/providers/simulator-form-schema";
import { formText, refusalMessage, submitForm } from "~/http/form.server";
import { redirectWithNotice } from "~/http/notice.server";
import { requireScope } from "~/http/require-user.server";
import { isUuid } from "~/lib/ids";

export const meta: MetaFunction = () => [{ title: "Providers · Kadosei" }];

export async function loader({ request, params }: LoaderFunctionArgs) {
  const { actor, application, mode, role, services } = await requireScope(request, params);
  const connections = await presentProviders(actor, { applicationId: application.id, mode }, services);
  const pause = new URL(request.url).searchParams.get("pause");
  const may = isAllowed(role, mode === "live" ? "providers.write_live" : "providers.write_test");
  const mayWrite = may && application.archivedAt === null;
  return {
    connections,
    applicationName: application.name,
    mode,
    mayWrite,
    pausing: (mayWrite && connections.find(({ id, isActive }) => id === pause && isActive)) || null,
    path: scopePath({ applicationId: application.id, mode }, "providers"),
    testPath: scopePath({ applicationId: application.id, mode: "test" }, "providers"),
  };
}

export async function action({ request, params }: ActionFunctionArgs) {
  const { actor, application, mode, services } = await requireScope(request, params);
  const form = await request.formData();
  const intent = formText(form, "intent");
  const here = scopePath({ applicationId: application.id, mode }, "providers");
  const target = { applicationId: application.id, connectionId: formText(form, "id") };
  const answer = (result: ProvidersPageProps["result"]) => data(result, { status: 400 });
  if (!isUuid(target.connectionId)) return answer({ problem: "This page cannot do that." });

  try {
    if (intent === "simulate") {
      const outcome = await submitForm(form, simulatorFormSchema, (simulatorSettings) =>
        updateConnection(actor, { ...target, simulatorSettings }, services),
      );
      if (!outcome.ok) return answer({ id: target.connectionId, reply: outcome.reply });
      return redirectWithNotice(here, "The simulator plays it so from now on");
    }
    if (intent === "pause" || intent === "resume") {
      const isActive = intent === "resume";
      await updateConnection(actor, { ...target, isActive }, services);
      return redirectWithNotice(here, isActive ? "Connection resumed" : "Connection paused");
    }
  } catch (error) {
    return answer({ problem: refusalMessage(error) });
  }
  return answer({ problem: "This page cannot do that." });
}

export default function ProvidersRoute() {
  const result = useActionData<typeof action>();
  return <ProvidersPage {...useLoaderData<typeof loader>()} result={result ?? {}} />;
}
