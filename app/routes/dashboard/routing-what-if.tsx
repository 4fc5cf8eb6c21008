import { parseWithZod } from "@conform-to/zod/v4";
import type { LoaderFunctionArgs } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { page, pageMeta } from "~/components/layout/trail";
import { inScope, scopePath } from "~/features/navigation/scope-path";
import { presentReplay } from "~/features/routing/replay.presenter.server";
import { replayFormSchema } from "~/features/routing/replay-form-schema";
import { ReplayPage } from "~/features/routing/replay-page";
import { requireScope } from "~/http/require-user.server";

export const handle = page((_, params) => [
  { label: "Routing", to: inScope(params, "routing") },
  { label: "What if" },
]);
export const meta = pageMeta;

export async function loader({ request, params }: LoaderFunctionArgs) {
  const { actor, application, mode, services } = await requireScope(request, params);
  const scope = { applicationId: application.id, mode };
  const asked = parseWithZod(new URL(request.url).searchParams, { schema: replayFormSchema });
  const form = asked.status === "success" ? asked.value : null;
  return {
    view: await presentReplay(actor, scope, form, services),
    applicationName: application.name,
    mode,
    path: scopePath(scope, "routing/what-if"),
    period: form?.period ?? "7d",
    reply: asked.reply(),
  };
}

export default function RoutingWhatIfRoute() {
  return <ReplayPage {...useLoaderData<typeof loader>()} />;
}
