import { type ActionFunctionArgs, data, type LoaderFunctionArgs } from "@remix-run/node";
import { useActionData, useLoaderData } from "@remix-run/react";
import { page, pageMeta } from "~/components/layout/trail";
import { Callout } from "~/components/ui/callout";
import { Money } from "~/components/ui/money";
import { PageHeader } from "~/components/ui/page-header";
import { Time } from "~/components/ui/time";
import { expireSession } from "~/domain/sessions/expire-session.server";
import { syncSession } from "~/domain/sessions/sync-session.server";
import { inScope } from "~/features/navigation/scope-path";
import { CauseCard } from "~/features/sessions/cause-card";
import { hasSession, presentSession } from "~/features/sessions/session.presenter.server";
import { SessionActions } from "~/features/sessions/session-actions";
import { IdempotencyCard, RelatedCard, SummaryCard } from "~/features/sessions/session-rail";
import { SessionStatusBadge, sessionStatusWord } from "~/features/sessions/session-status-badge";
import { SessionTimeline } from "~/features/sessions/session-timeline";
import { formText, pageNotFound, refusalMessage } from "~/http/form.server";
import { redirectWithNotice } from "~/http/notice.server";
import { requireScope } from "~/http/require-user.server";
import { isAppError } from "~/lib/errors";
import { isUuid } from "~/lib/ids";

export const handle = page<typeof loader>((data, params) => [
  { label: "Sessions", to: inScope(params, "sessions") },
  { label: data?.view.order ?? "Session" },
]);
export const meta = pageMeta;

export async function loader({ request, params }: LoaderFunctionArgs) {
  const { application, merchant, mode, role, services, timeZone } = await requireScope(request, params);
  const sessionId = params.sessionId ?? "";
  const scope = { merchantId: merchant.id, applicationId: application.id, mode };
  const view = isUuid(sessionId)
    ? await presentSession({ ...scope, sessionId, role, timeZone }, services)
    : null;
  if (view === null) throw pageNotFound(request);
  return { view, base: `/apps/${application.id}/${mode}` };
}

export async function action({ request, params }: ActionFunctionArgs) {
  const { actor, application, merchant, mode, services } = await requireScope(request, params);
  const sessionId = params.sessionId ?? "";
  // The commands know the merchant only; the address also names an application and a mode.
  const scope = { merchantId: merchant.id, applicationId: application.id, mode };
  const isHere = isUuid(sessionId) && (await hasSession({ ...scope, sessionId }, services));
  if (!isHere) throw pageNotFound(request);
  const here = new URL(request.url).pathname;
  try {
    switch (formText(await request.formData(), "intent")) {
      case "expire":
        await expireSession(actor, { sessionId }, services);
        return redirectWithNotice(here, "The session is expired");
      case "sync": {
        const { status } = await syncSession(actor, { sessionId }, services);
        return redirectWithNotice(here, `The provider was asked: ${sessionStatusWord(status).toLowerCase()}`);
      }
      default:
        return data({ error: "This page cannot do that." }, { status: 400 });
    }
  } catch (error) {
    // A provider that does not answer is no fault of this page.
    const message = isAppError(error, "BAD_GATEWAY")
      ? [error.publicMessage].flat().join("; ")
      : refusalMessage(error);
    return data({ error: message }, { status: 422 });
  }
}

export default function SessionPage() {
  const { view, base } = useLoaderData<typeof loader>();
  const failed = useActionData<typeof action>();
  return (
    <>
      <PageHeader
        title={
          <>
            <Money amount={view.amount} currency={view.currency} className="text-xl" />
            <SessionStatusBadge status={view.status} />
          </>
        }
        description={
          <p className="break-words">
            Order <code>{view.order}</code>
            {view.customer.name ? ` for ${view.customer.name}` : null}, created{" "}
            <Time iso={view.createdAt} show="absolute" /> (
            <Time iso={view.createdAt} />)
          </p>
        }
        actions={<SessionActions view={view} />}
      />
      {failed?.error ? (
        <Callout tone="danger" role="alert" className="mb-4">
          {failed.error}
        </Callout>
      ) : null}
      {view.isLateSuccess ? (
        <Callout tone="warning" title="Paid after it had closed here" className="mb-4">
          The provider confirmed the payment late. Money moved, so it counts as paid: check that the order is
          fulfilled once.
        </Callout>
      ) : null}
      <div className="grid items-start gap-4 xl:grid-cols-[minmax(0,1fr)_312px]">
        <div className="grid min-w-0 gap-5 max-xl:contents">
          <CauseCard view={view} base={base} />
          <div className="min-w-0 max-xl:order-2">
            <SessionTimeline
              items={view.timeline}
              zone={view.zone}
              logTo={view.logId && `${base}/developers/logs/${view.logId}`}
            />
          </div>
        </div>
        <aside aria-label="Details" className="grid gap-3 max-xl:contents">
          <div className="max-xl:order-1">
            <SummaryCard view={view} base={base} />
          </div>
          <div className="grid gap-3 max-xl:order-3">
            <RelatedCard view={view} base={base} />
            <IdempotencyCard idempotency={view.idempotency} />
          </div>
        </aside>
      </div>
    </>
  );
}
