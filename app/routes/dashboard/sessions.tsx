import { type ActionFunctionArgs, data, type LoaderFunctionArgs, redirect } from "@remix-run/node";
import { useActionData, useLoaderData, useRouteLoaderData } from "@remix-run/react";
import { Pager } from "~/components/data-table/pager";
import { laterDialog } from "~/components/form/later-dialog";
import { useLoaded } from "~/components/form/use-loaded";
import { page, pageMeta } from "~/components/layout/trail";
import { Callout } from "~/components/ui/callout";
import { Card } from "~/components/ui/card";
import { laterPart } from "~/components/ui/later-part";
import { PageHeader } from "~/components/ui/page-header";
import { TimeProvider } from "~/components/ui/time";
import { issueMessages } from "~/contracts/common";
import { savedViewChangeSchema, savedViewSchema } from "~/contracts/saved-views";
import { readSessionsQuery } from "~/contracts/sessions-list";
import type { UserActor } from "~/domain/actor";
import { createSavedView } from "~/domain/saved-views/create-saved-view.server";
import { deleteSavedView } from "~/domain/saved-views/delete-saved-view.server";
import { restoreSavedView } from "~/domain/saved-views/restore-saved-view.server";
import { setDefaultView } from "~/domain/saved-views/set-default-view.server";
import { updateSavedView } from "~/domain/saved-views/update-saved-view.server";
import type { Services } from "~/domain/services";
import { createTestSession } from "~/domain/sessions/create-test-session.server";
import { type ExpiredSession, expireSessions } from "~/domain/sessions/expire-sessions.server";
import { isAllowed } from "~/domain/users/permissions";
import { scopePath } from "~/features/navigation/scope-path";
import { NewTestSession } from "~/features/sessions/new-test-session";
import { presentViews } from "~/features/sessions/session-views.presenter.server";
import {
  presentChosen,
  presentSessions,
  type SessionRowView,
} from "~/features/sessions/sessions.presenter.server";
import { ChosenSessions } from "~/features/sessions/sessions-selection";
import { SessionsTable } from "~/features/sessions/sessions-table";
import { SessionsTabs } from "~/features/sessions/sessions-tabs";
import { SessionsToolbar } from "~/features/sessions/sessions-toolbar";
import { ExportMenu } from "~/features/sessions/table-menus";
import { chosenTable, rememberTable, tablePreferences } from "~/features/sessions/table-preferences";
import { viewHref, viewQuery } from "~/features/sessions/view-query";
import { formId, formText, refusalMessage } from "~/http/form.server";
import { redirectWithNotice } from "~/http/notice.server";
import { requireScope } from "~/http/require-user.server";
import { isAppError } from "~/lib/errors";
import { isUuid, newId } from "~/lib/ids";

const ExpiredSessions = laterPart(() =>
  import("~/features/sessions/expired-sessions").then((all) => all.ExpiredSessions),
);
const NothingMatches = laterPart(() =>
  import("~/features/sessions/no-sessions").then((all) => all.NothingMatches),
);
const NoSessions = laterPart(() => import("~/features/sessions/no-sessions").then((all) => all.NoSessions));
const loadNewRows = () => import("~/features/sessions/new-rows").then((all) => all.NewRows);
const ExpireChosen = laterDialog(() =>
  import("~/features/sessions/expire-chosen").then((all) => all.ExpireChosen),
);

export const handle = page("Sessions");
export const meta = pageMeta;

export async function loader({ request, params }: LoaderFunctionArgs) {
  const { actor, application, merchant, mode, role, services, timeZone } = await requireScope(
    request,
    params,
  );
  const url = new URL(request.url);
  const { query, unread } = readSessionsQuery(url.searchParams);
  if (unread.length > 0) {
    // Left in the address they would look like filters that hold.
    for (const [name] of unread) url.searchParams.delete(name);
    const words = unread.map(([name, value]) => `${name} “${value.slice(0, 40)}”`).join(", ");
    return redirectWithNotice(
      scopePath({ applicationId: application.id, mode }, "sessions") + url.search,
      `Left out, because it cannot be read: ${words}`,
    );
  }
  const saved = await presentViews(actor, services);
  const isBare = url.searchParams.size === 0;
  const own = saved.views.find(({ isDefault }) => isDefault);
  // Who comes from the list itself has just cleared its filters.
  const path = url.pathname.replace(/\.data$/, "");
  if (isBare && own && !isFromHere(request, path)) throw redirect(path + viewHref(own));
  const scope = { merchantId: merchant.id, applicationId: application.id, mode };
  const chosen = url.searchParams.get("ask") === "expire" ? url.searchParams.getAll("id").filter(isUuid) : [];
  const [view, asked] = await Promise.all([
    presentSessions({ ...scope, timeZone, query }, services),
    chosen.length > 0 ? presentChosen(scope, chosen.slice(0, 100), services) : [],
  ]);
  return {
    view,
    saved,
    asked,
    applicationId: application.id,
    mode,
    canCreate: mode === "test" && application.archivedAt === null && isAllowed(role, "sessions.create"),
    canExpire: isAllowed(role, "sessions.expire"),
    table: tablePreferences(request),
    formId: newId(),
  };
}

function isFromHere(request: Request, path: string): boolean {
  const referrer = request.headers.get("referer") ?? "";
  return URL.canParse(referrer) && new URL(referrer).pathname === path;
}

interface ActionResult {
  error?: string;
  viewError?: string;
  expired?: ExpiredSession[];
}

export async function action({ request, params }: ActionFunctionArgs) {
  const { actor, application, mode, services } = await requireScope(request, params);
  const { pathname, search } = new URL(request.url);
  const path = pathname.replace(/\.data$/, "");
  const form = await request.formData();
  const intent = formText(form, "intent");
  const answer = (result: ActionResult, status: number) => data(result, { status });
  if (intent === "table")
    return redirect(path + search, { headers: { "set-cookie": rememberTable(chosenTable(form)) } });
  if (intent.startsWith("view-")) {
    const done = await changeViews(intent, form, actor, services).catch((error: unknown) => {
      if (isAppError(error, "NOT_FOUND"))
        return intent === "view-restore"
          ? "It was restored before, or is gone for good."
          : "It was deleted meanwhile.";
      return refusalMessage(error);
    });
    if (typeof done === "string") return answer({ viewError: done }, 422);
    const undo = done.undo === undefined ? null : { path, ...done.undo };
    return redirectWithNotice(path + (done.to ?? search), done.notice, undo);
  }
  try {
    if (intent === "expire-chosen") {
      const sessionIds = form.getAll("id").filter((id) => typeof id === "string" && isUuid(id)) as string[];
      const chosen = { applicationId: application.id, mode, sessionIds };
      return answer({ expired: await expireSessions(actor, chosen, services) }, 200);
    }
    if (intent !== "create-test-session" || mode !== "test")
      return answer({ error: "This page cannot do that." }, 400);
    const { sessionId } = await createTestSession(actor, { applicationId: application.id }, services);
    return redirect(`/apps/${application.id}/test/sessions/${sessionId}`);
  } catch (error) {
    return answer({ error: refusalMessage(error) }, 422);
  }
}

/** One form of the views' menus; a text says why it was refused. */
async function changeViews(
  intent: string,
  form: FormData,
  actor: UserActor,
  services: Services,
): Promise<{ notice: string; to?: string; undo?: { intent: string; id: string } } | string> {
  const viewId = formText(form, "id");
  if (intent === "view-save") {
    const id = formId(form);
    const parsed = savedViewSchema.safeParse(Object.fromEntries(form));
    if (!parsed.success) return `The ${issueMessages(parsed.error).join("; the ")}.`;
    const query = viewQuery(new URLSearchParams(parsed.data.query));
    await createSavedView(actor, { ...parsed.data, id, page: "sessions", query }, services);
    return { notice: "View saved", to: viewHref({ id, query }) };
  }
  if (!isUuid(viewId)) return "This page cannot do that.";
  switch (intent) {
    case "view-update": {
      const given = savedViewSchema.shape.query.safeParse(formText(form, "query"));
      if (!given.success) return `The view ${issueMessages(given.error).join("; it ")}.`;
      const query = viewQuery(new URLSearchParams(given.data));
      await updateSavedView(actor, { viewId, query }, services);
      return { notice: "The view has the new filters", to: viewHref({ id: viewId, query }) };
    }
    case "view-change": {
      const parsed = savedViewChangeSchema.safeParse(Object.fromEntries(form));
      if (!parsed.success) return `The ${issueMessages(parsed.error).join("; the ")}.`;
      await updateSavedView(actor, { viewId, ...parsed.data }, services);
      return { notice: "View changed" };
    }
    case "view-default": {
      const isDefault = formText(form, "on") === "1";
      await setDefaultView(actor, { viewId, isDefault }, services);
      return {
        notice: isDefault ? "Sessions open with this view now" : "Sessions open with all of them now",
      };
    }
    case "view-delete":
      await deleteSavedView(actor, { viewId }, services);
      return { notice: "View deleted", to: "?view=all", undo: { intent: "view-restore", id: viewId } };
    case "view-restore":
      return { notice: "View restored", to: viewHref(await restoreSavedView(actor, { viewId }, services)) };
    default:
      return "This page cannot do that.";
  }
}

export default function SessionsPage() {
  const { view, saved, asked, applicationId, mode, canCreate, canExpire, table, formId } =
    useLoaderData<typeof loader>();
  const root = useRouteLoaderData<{ now: string }>("root");
  const base = `/apps/${applicationId}/${mode}`;
  const result: ActionResult = useActionData<typeof action>() ?? {};
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
      {result.error ? (
        <Callout tone="danger" role="alert" title="That was not done" className="mb-4">
          {result.error}
        </Callout>
      ) : null}
      {result.viewError ? (
        <Callout tone="danger" role="alert" title="The view was not changed" className="mb-4">
          {result.viewError}
        </Callout>
      ) : null}
      {result.expired ? (
        <ExpiredSessions results={result.expired} base={base} />
      ) : asked.length > 0 ? (
        <ExpireChosen chosen={asked} />
      ) : null}
      {view.hasAny ? (
        <TimeProvider timeZone={view.zone.timeZone} now={root?.now ?? null}>
          <SessionsTabs
            counts={view.counts}
            saved={saved}
            formId={formId}
            end={<News base={base} loadedAt={view.loadedAt} total={view.totalItems} />}
          />
          <SessionsToolbar view={view} table={table} />
          <Card>
            <ChosenSessions
              base={base}
              canExpire={canExpire}
              listKey={view.rows.map((row: SessionRowView) => row.id).join()}
            >
              <SessionsTable
                rows={view.rows}
                table={table}
                sessionHref={(id) => `${base}/sessions/${id}`}
                empty={<NothingMatches view={view} />}
              />
            </ChosenSessions>
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

/** What has come since: nothing yet, when the page is drawn. */
function News(props: { base: string; loadedAt: string; total: number }) {
  const { ui: NewRows } = useLoaded(loadNewRows);
  return NewRows ? <NewRows {...props} /> : null;
}
