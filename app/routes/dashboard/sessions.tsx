import { type ActionFunctionArgs, data, type LoaderFunctionArgs, redirect } from "@remix-run/node";
import { useActionData, useLoaderData, useRouteLoaderData, useSearchParams } from "@remix-run/react";
import { KeyRound, ReceiptText, SearchX } from "lucide-react";
import { Pager } from "~/components/data-table/pager";
import { PAGE, withParams } from "~/components/data-table/search-params";
import { page, pageMeta } from "~/components/layout/trail";
import { ButtonLink } from "~/components/ui/button";
import { Callout } from "~/components/ui/callout";
import { Card } from "~/components/ui/card";
import { EmptyState } from "~/components/ui/empty-state";
import { PageHeader } from "~/components/ui/page-header";
import { TimeProvider } from "~/components/ui/time";
import { sessionsPageQuerySchema } from "~/contracts/sessions-list";
import { createTestSession } from "~/domain/sessions/create-test-session.server";
import { isAllowed } from "~/domain/users/permissions";
import { scopePath } from "~/features/navigation/scope-path";
import { NewTestSession } from "~/features/sessions/new-test-session";
import { presentSessions, type SessionsView } from "~/features/sessions/sessions.presenter.server";
import { SessionsTable } from "~/features/sessions/sessions-table";
import { SessionsTabs, SessionsToolbar } from "~/features/sessions/sessions-toolbar";
import { ExportMenu } from "~/features/sessions/table-menus";
import { chosenTable, rememberTable, tablePreferences } from "~/features/sessions/table-preferences";
import { formText, refusalMessage } from "~/http/form.server";
import { redirectWithNotice } from "~/http/notice.server";
import { requireScope } from "~/http/require-user.server";

export const handle = page("Sessions");
export const meta = pageMeta;

export async function loader({ request, params }: LoaderFunctionArgs) {
  const { application, merchant, mode, role, services, timeZone } = await requireScope(request, params);
  const url = new URL(request.url);
  const query = sessionsPageQuerySchema.parse(Object.fromEntries(url.searchParams));
  const unread = [...url.searchParams].filter(
    ([name, value]) => value !== "" && name in sessionsPageQuerySchema.shape && !isRead(query, name),
  );
  if (unread.length > 0) {
    // Left in the address they would look like filters that hold.
    for (const [name] of unread) url.searchParams.delete(name);
    const words = unread.map(([name, value]) => `${name} “${value.slice(0, 40)}”`).join(", ");
    return redirectWithNotice(
      scopePath({ applicationId: application.id, mode }, "sessions") + url.search,
      `Left out, because it cannot be read: ${words}`,
    );
  }
  const view = await presentSessions(
    { merchantId: merchant.id, applicationId: application.id, mode, timeZone, query },
    services,
  );
  const canCreate = mode === "test" && application.archivedAt === null && isAllowed(role, "sessions.create");
  return { view, applicationId: application.id, mode, canCreate, table: tablePreferences(request) };
}

const isRead = (query: object, name: string) => Reflect.get(query, name) !== undefined;

export async function action({ request, params }: ActionFunctionArgs) {
  const { actor, application, mode, services } = await requireScope(request, params);
  const form = await request.formData();
  if (formText(form, "intent") === "table") {
    const { pathname, search } = new URL(request.url);
    const here = pathname.replace(/\.data$/, "") + search;
    return redirect(here, { headers: { "set-cookie": rememberTable(chosenTable(form)) } });
  }
  if (formText(form, "intent") !== "create-test-session" || mode !== "test") {
    return data({ error: "This page cannot do that." }, { status: 400 });
  }
  try {
    const { sessionId } = await createTestSession(actor, { applicationId: application.id }, services);
    return redirect(`/apps/${application.id}/test/sessions/${sessionId}`);
  } catch (error) {
    return data({ error: refusalMessage(error) }, { status: 422 });
  }
}

export default function SessionsPage() {
  const { view, applicationId, mode, canCreate, table } = useLoaderData<typeof loader>();
  const root = useRouteLoaderData<{ now: string }>("root");
  const base = `/apps/${applicationId}/${mode}`;
  const failed = useActionData<typeof action>();
  return (
    <>
      <PageHeader
        title="Sessions"
        actions={
          <>
            {view.totalItems > 0 ? <ExportMenu base={base} totalItems={view.totalItems} /> : null}
            {canCreate ? <NewTestSession applicationId={applicationId} /> : null}
          </>
        }
      />
      {failed?.error ? (
        <Callout tone="danger" role="alert" title="No test session was made" className="mb-4">
          {failed.error}
        </Callout>
      ) : null}
      {view.hasAny ? (
        <TimeProvider timeZone={view.zone.timeZone} now={root?.now ?? null}>
          <SessionsTabs counts={view.counts} />
          <SessionsToolbar view={view} table={table} />
          <Card>
            <SessionsTable
              rows={view.rows}
              table={table}
              sessionHref={(id) => `${base}/sessions/${id}`}
              empty={<NothingMatches view={view} />}
            />
            {view.totalItems > 0 ? (
              <Pager page={view.page} limit={view.limit} totalItems={view.totalItems} />
            ) : null}
          </Card>
        </TimeProvider>
      ) : (
        <Card>
          <NoSessions base={base} mode={mode} canCreate={canCreate} />
        </Card>
      )}
    </>
  );
}

function NothingMatches({ view }: { view: SessionsView }) {
  const [params] = useSearchParams();
  const { totalItems, elsewhere } = view;
  if (totalItems > 0) {
    return (
      <EmptyState
        icon={<SearchX />}
        title="This page is past the end"
        action={<ButtonLink to={withParams(params, { [PAGE]: null })}>Back to the first page</ButtonLink>}
      >
        The list is shorter than that.
      </EmptyState>
    );
  }
  const q = params.get("q") ?? "";
  if (elsewhere.length > 0) {
    return (
      <EmptyState
        icon={<SearchX />}
        title="Not here, but it was found"
        action={
          <div className="flex flex-wrap justify-center gap-2">
            {elsewhere.map(({ applicationId, application, mode, sessions, isHere }) => (
              <ButtonLink
                key={`${applicationId} ${mode}`}
                to={`${scopePath({ applicationId, mode }, "sessions")}?${new URLSearchParams({ q })}`}
              >
                {isHere ? "Here, without the filters" : `${application}, ${mode} mode`}: {sessions}{" "}
                {sessions === 1 ? "session" : "sessions"}
              </ButtonLink>
            ))}
          </div>
        }
      >
        No session of this application and mode that the filters leave has “{q}”.
      </EmptyState>
    );
  }
  return (
    <EmptyState
      icon={<SearchX />}
      title="No session matches"
      action={<ButtonLink to="?">Clear search and filters</ButtonLink>}
    >
      The search finds whole ids, order references, e-mails and references, not parts of them.
    </EmptyState>
  );
}

function NoSessions({ base, mode, canCreate }: { base: string; mode: "test" | "live"; canCreate: boolean }) {
  return (
    <EmptyState
      icon={<ReceiptText />}
      title={mode === "test" ? "No test sessions yet" : "No live sessions yet"}
      action={
        <ButtonLink to={`${base}/api-keys`}>
          <KeyRound /> API keys
        </ButtonLink>
      }
    >
      A payment session appears here as soon as your server creates one with a {mode} API key
      {canCreate ? "; “New test session” makes one without any code." : "."}
    </EmptyState>
  );
}
