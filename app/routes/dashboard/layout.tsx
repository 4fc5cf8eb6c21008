import { data, type LoaderFunctionArgs } from "@remix-run/node";
import { Outlet, useLoaderData, useRouteLoaderData } from "@remix-run/react";
import { NoticeMessage } from "~/components/form/notice";
import { TimeProvider } from "~/components/ui/time";
import { DashboardShell } from "~/features/navigation/dashboard-shell";
import { presentNavigation } from "~/features/navigation/navigation.presenter.server";
import { rememberedScope } from "~/features/navigation/scope-cookie.server";
import { identityView } from "~/http/identity.server";
import { takeNotice } from "~/http/notice.server";
import { requireUser } from "~/http/require-user.server";

export async function loader({ request }: LoaderFunctionArgs) {
  const signedIn = await requireUser(request);
  const view = await presentNavigation(signedIn, rememberedScope(request));
  const { notice, setCookie } = takeNotice(request);
  const identity = identityView(signedIn);
  return data({ view, notice, identity }, { headers: setCookie ? { "set-cookie": setCookie } : {} });
}

export default function DashboardLayout() {
  const { view, notice } = useLoaderData<typeof loader>();
  const root = useRouteLoaderData<{ now: string }>("root");
  return (
    <TimeProvider timeZone={view.timeZone} now={root?.now ?? null}>
      <DashboardShell view={view}>
        <NoticeMessage notice={notice} />
        <Outlet />
      </DashboardShell>
    </TimeProvider>
  );
}
