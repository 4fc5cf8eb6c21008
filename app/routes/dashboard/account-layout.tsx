import { data, type LoaderFunctionArgs } from "@remix-run/node";
import { Outlet, useLoaderData, useRouteLoaderData } from "@remix-run/react";
import { NoticeMessage } from "~/components/form/notice";
import { Trail } from "~/components/layout/trail";
import { TimeProvider } from "~/components/ui/time";
import { DashboardShell } from "~/features/navigation/dashboard-shell";
import { presentNavigation } from "~/features/navigation/navigation.presenter.server";
import { rememberedScope } from "~/features/navigation/scope-cookie.server";
import { SupportShell } from "~/features/support/support-shell";
import { supportShellView } from "~/features/support/support-shell-view";
import { PlainShell } from "~/features/users/account-shell";
import { identityView } from "~/http/identity.server";
import { takeNotice } from "~/http/notice.server";
import { requireSession } from "~/http/require-user.server";

/**
 * The dashboard's frame for a member of a team, a plain one for who is in none. Staff on a support visit have the
 * console's: these pages are theirs and not the merchant's, whose log has no line of a look at its navigation here.
 */
export async function loader({ request }: LoaderFunctionArgs) {
  const { session, services } = await requireSession(request);
  const { user, merchant, role, visit } = session;
  const view =
    merchant && role && visit === null
      ? await presentNavigation({ user, merchant, role, visit, services }, rememberedScope(request))
      : null;
  const { notice, setCookie } = takeNotice(request);
  return data(
    {
      view,
      visit: visit === null ? null : supportShellView(session),
      timeZone: view?.timeZone ?? user.timeZone ?? "UTC",
      notice,
      identity: identityView({ session, services }),
    },
    { headers: setCookie ? { "set-cookie": setCookie } : {} },
  );
}

export default function AccountLayout() {
  const { view, visit, timeZone, notice } = useLoaderData<typeof loader>();
  const root = useRouteLoaderData<{ now: string }>("root");
  const page = (
    <>
      <NoticeMessage notice={notice} />
      <Outlet />
    </>
  );
  return (
    <TimeProvider timeZone={timeZone} now={root?.now ?? null}>
      {view ? <DashboardShell view={view}>{page}</DashboardShell> : null}
      {visit ? (
        <SupportShell view={visit}>
          <Trail />
          {page}
        </SupportShell>
      ) : null}
      {view === null && visit === null ? <PlainShell>{page}</PlainShell> : null}
    </TimeProvider>
  );
}
