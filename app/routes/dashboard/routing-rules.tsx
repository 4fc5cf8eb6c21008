import { type ActionFunctionArgs, data, type LoaderFunctionArgs } from "@remix-run/node";
import { useActionData, useLoaderData } from "@remix-run/react";
import { page, pageMeta } from "~/components/layout/trail";
import { pageQueryOf } from "~/contracts/page-query";
import { routingRevertSchema } from "~/contracts/routing-rules";
import { listRuleConnections } from "~/domain/routing/get-routing-settings.server";
import { previewRouting } from "~/domain/routing/preview-routing.server";
import { revertRoutingSettings, saveRoutingSettings } from "~/domain/routing/save-routing-settings.server";
import { isAllowed } from "~/domain/users/permissions";
import { inScope, scopePath } from "~/features/navigation/scope-path";
import {
  connectionChoices,
  formFields,
  presentRules,
  settingsDigest,
} from "~/features/routing/rules.presenter.server";
import { rulesFormSchema } from "~/features/routing/rules-form-schema";
import { RulesPage, type RulesResult } from "~/features/routing/rules-page";
import { formText, refusalMessage, submitForm } from "~/http/form.server";
import { redirectWithNotice } from "~/http/notice.server";
import { requireScope } from "~/http/require-user.server";

export const handle = page((_, params) => [
  { label: "Routing", to: inScope(params, "routing") },
  { label: "Rules" },
]);
export const meta = pageMeta;

export async function loader({ request, params }: LoaderFunctionArgs) {
  const { actor, application, mode, role, services } = await requireScope(request, params);
  const scope = { applicationId: application.id, mode };
  const mayWrite = isAllowed(role, "routing.write") && application.archivedAt === null;
  const revert = new URL(request.url).searchParams.get("revert");
  return {
    view: await presentRules(
      actor,
      {
        ...scope,
        query: pageQueryOf(request),
        revert: mayWrite && revert !== null && /^\d{1,9}$/.test(revert) ? Number(revert) : null,
      },
      services,
    ),
    applicationName: application.name,
    mode,
    mayWrite,
    path: scopePath(scope, "routing/rules"),
    providersPath: scopePath(scope, "providers"),
  };
}

export async function action({ request, params }: ActionFunctionArgs) {
  const { actor, application, mode, services } = await requireScope(request, params);
  const scope = { applicationId: application.id, mode };
  const here = scopePath(scope, "routing/rules");
  const form = await request.formData();
  const intent = formText(form, "intent");
  const version = formText(form, "version");
  const answer = (result: RulesResult, status: number) =>
    data<RulesResult>({ version, ...result }, { status });

  if (intent === "revert") {
    try {
      const input = routingRevertSchema.safeParse({
        version: Number(version),
        to: Number(formText(form, "to")),
      });
      if (!input.success) return answer({ problem: "This page cannot do that." }, 400);
      const saved = await revertRoutingSettings(actor, { ...scope, ...input.data }, services);
      return redirectWithNotice(here, `Back to version ${input.data.to}, as version ${saved.version}`);
    } catch (error) {
      return answer({ problem: refusalMessage(error) }, 400);
    }
  }

  const previewed = formText(form, "previewed");
  form.delete("previewed");
  const connections = await listRuleConnections(actor, scope, services);
  const outcome = await submitForm(
    form,
    rulesFormSchema(new Set(connections.map(({ id }) => id))),
    async (input) => {
      const digest = settingsDigest(input);
      if (intent === "save" && digest === previewed) {
        const saved = await saveRoutingSettings(actor, { ...scope, ...input }, services);
        return { kind: "saved", saved } as const;
      }
      const replay = await previewRouting(actor, { ...scope, ...input }, services);
      return { kind: "previewed", input, digest, replay } as const;
    },
  );
  // An entry that was added, moved or removed without JavaScript is no error.
  if (!outcome.ok) return answer({ reply: outcome.reply }, outcome.reply.status === "error" ? 400 : 200);
  if (outcome.value.kind === "saved") {
    return redirectWithNotice(here, `Saved: version ${outcome.value.saved.version} counts now`);
  }
  const { input, digest, replay } = outcome.value;
  const draft = { ...formFields(input, connectionChoices(connections)), note: input.note ?? "" };
  return answer({ draft, preview: { replay, digest, isSecond: intent === "save" } }, 200);
}

export default function RoutingRulesRoute() {
  const result = useActionData<typeof action>();
  return <RulesPage {...useLoaderData<typeof loader>()} result={result ?? {}} />;
}
