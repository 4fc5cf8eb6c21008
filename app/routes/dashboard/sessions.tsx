import {
  type ActionFunctionArgs,
  data,
  type LoaderFunctionArgs,
  type MetaFunction,
  redirect,
} from "@remix-run/node";
import { Link, useActionData, useLoaderData } from "@remix-run/react";
import { KeyRound, ReceiptText, SearchX } from "lucide-react";
import { Pager } from "~/components/data-table/pager";
import { ButtonLink } from "~/components/ui/button";
import { Callout } from "~/components/ui/callout";
import { Card } from "~/components/ui/card";
import { EmptyState } from "~/components/ui/empty-state";
import { PageHeader } from "~/components/ui/page-header";
import { sessionsPageQuerySchema } from "~/contracts/sessions-list";
import { createTestSession } from "~/domain/sessions/create-test-session.server";
import { isAllowed } from "~/domain/users/permissions";
import { NewTestSession } from "~/features/sessions/new-test-session";
import { presentSessions } from "~/features/sessions/sessions.presenter.server";
import { SessionsTable } from "~/features/sessions/sessions-table";
import { SessionsTabs, SessionsToolbar } from "~/features/sessions/sessions-toolbar";
import { formText, refusalMessage } from "~/http/form.server";
import { requireScope } from "~/http/require-user.server";

export const meta: MetaFunction = () => [{ title: "Sessions · Kadosei" }];

export async function loader({ request, params }: LoaderFunctionArgs) {
  const { application, merchant, mode, role, services, timeZone } = await requireScope(request, params);
  const query = sessionsPageQuerySchema.parse(Object.fromEntries(new URL(request.url).searchParams));
  const view = await presentSessions(
    { merchantId: merchant.id, applicationId: application.id, mode, timeZone, query },
    services,
  );
  const canCreate = mode === "test" && application.archivedAt === null && isAllowed(role, "sessions.create");
  return { view, applicationId: application.id, mode, canCreate };
}

export async function action({ request, params }: ActionFunctionArgs) {
  const { actor, application, mode, services } = await requireScope(request, params);
  const form = await request.formData();
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
  const { view, applicationId, mode, canCreate } = useLoaderData<typeof loader>();
  const base = `/apps/${applicationId}/${mode}`;
  const failed = useActionData<typeof action>();
  return (
    <>
      <PageHeader
        title="Sessions"
        actions={canCreate ? <NewTestSession applicationId={applicationId} /> : null}
      />
      {failed?.error ? (
        <Callout tone="danger" role="alert" title="No test session was made" className="mb-4">
          {failed.error}
        </Callout>
      ) : null}
      {view.hasAny ? (
        <>
          <SessionsTabs counts={view.counts} />
          <SessionsToolbar view={view} />
          <Card>
            <SessionsTable
              rows={view.rows}
              sessionHref={(id) => `${base}/sessions/${id}`}
              empty={<NothingMatches total={view.totalItems} />}
            />
            {view.totalItems > 0 ? (
              <Pager page={view.page} limit={view.limit} totalItems={view.totalItems} />
            ) : null}
          </Card>
        </>
      ) : (
        <Card>
          <NoSessions base={base} mode={mode} canCreate={canCreate} />
        </Card>
      )}
    </>
  );
}

function NothingMatches({ total }: { total: number }) {
  if (total > 0) {
    return (
      <EmptyState
        icon={<SearchX />}
        title="This page is past the end"
        action={
          <Link to="?" className="font-medium text-accent hover:underline">
            Back to the first page
          </Link>
        }
      >
        The list is shorter than that.
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
