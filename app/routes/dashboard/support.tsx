import type { LoaderFunctionArgs, MetaFunction } from "@remix-run/node";
import { useLoaderData, useRouteLoaderData } from "@remix-run/react";
import { TimeProvider } from "~/components/ui/time";
import { supportSearchSchema } from "~/contracts/support";
import { presentSupport } from "~/features/support/support.presenter.server";
import { SupportPage } from "~/features/support/support-page";
import { SupportShell } from "~/features/support/support-shell";
import { supportShellView } from "~/features/support/support-shell-view";
import { requireStaff } from "~/http/require-user.server";

export const meta: MetaFunction = () => [{ title: "Support console · Kadosei" }];

export async function loader({ request }: LoaderFunctionArgs) {
  const { actor, session, services } = await requireStaff(request);
  const given = new URL(request.url).searchParams.get("q")?.trim() ?? "";
  const q = supportSearchSchema.safeParse(given);
  const problem = given === "" || q.success ? null : `The identifier ${q.error.issues[0]?.message}.`;
  const visiting = session.visit === null ? null : (session.merchant?.id ?? null);
  return {
    shell: supportShellView(session),
    timeZone: session.user.timeZone ?? "UTC",
    view: await presentSupport(actor, { q: q.success ? q.data.trim() : null, visiting }, services),
    q: given,
    problem,
  };
}

export default function SupportRoute() {
  const { shell, timeZone, ...page } = useLoaderData<typeof loader>();
  const root = useRouteLoaderData<{ now: string }>("root");
  return (
    <TimeProvider timeZone={timeZone} now={root?.now ?? null}>
      <SupportShell view={shell}>
        <SupportPage {...page} />
      </SupportShell>
    </TimeProvider>
  );
}
