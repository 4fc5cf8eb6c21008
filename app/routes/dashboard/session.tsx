import {
  type ActionFunctionArgs,
  data,
  type HeadersFunction,
  type LoaderFunctionArgs,
} from "@remix-run/node";
import { useActionData, useLoaderData, useSearchParams } from "@remix-run/react";
import { withParams } from "~/components/data-table/search-params";
import { page, pageMeta } from "~/components/layout/trail";
import { Callout } from "~/components/ui/callout";
import { Money } from "~/components/ui/money";
import { PageHeader } from "~/components/ui/page-header";
import { Time } from "~/components/ui/time";
import { sessionNoteSchema } from "~/contracts/session-notes";
import { shareLinkSchema } from "~/contracts/share-links";
import { addNote } from "~/domain/sessions/add-note.server";
import { deleteNote } from "~/domain/sessions/delete-note.server";
import { expireSession } from "~/domain/sessions/expire-session.server";
import { getSession } from "~/domain/sessions/get-session.server";
import { syncSession } from "~/domain/sessions/sync-session.server";
import { createShareLink } from "~/domain/share-links/create-share-link.server";
import { revokeShareLink } from "~/domain/share-links/revoke-share-link.server";
import { resendDelivery } from "~/domain/webhooks/retry-delivery.server";
import { inScope } from "~/features/navigation/scope-path";
import { CauseCard } from "~/features/sessions/cause-card";
import { hasSession, presentSession } from "~/features/sessions/session.presenter.server";
import { SessionActions } from "~/features/sessions/session-actions";
import { SessionCalls } from "~/features/sessions/session-calls";
import { NotesCard, type RefusedNote } from "~/features/sessions/session-notes";
import { IdempotencyCard, RelatedCard, SummaryCard } from "~/features/sessions/session-rail";
import {
  MadeLinkDialog,
  type MadeShareLink,
  ShareDialog,
  SharesCard,
} from "~/features/sessions/session-shares";
import { SessionStatusBadge, sessionStatusWord } from "~/features/sessions/session-status-badge";
import { SessionTimeline } from "~/features/sessions/session-timeline";
import { formId, formText, pageNotFound, refusalMessage, submitForm } from "~/http/form.server";
import { redirectWithNotice } from "~/http/notice.server";
import { requireScope } from "~/http/require-user.server";
import { isAppError } from "~/lib/errors";
import { isUuid, newId } from "~/lib/ids";

export const handle = page<typeof loader>((data, params) => [
  { label: "Sessions", to: inScope(params, "sessions") },
  { label: data?.view.order ?? "Session" },
]);
export const meta = pageMeta;

/** A share link is in one response, which nobody may keep. */
export const headers: HeadersFunction = () => ({ "cache-control": "no-store" });

export async function loader({ request, params }: LoaderFunctionArgs) {
  const { actor, application, merchant, mode, role, services, timeZone } = await requireScope(
    request,
    params,
  );
  const sessionId = params.sessionId ?? "";
  const scope = { merchantId: merchant.id, applicationId: application.id, mode };
  const isHere = isUuid(sessionId) && (await hasSession({ ...scope, sessionId }, services));
  if (!isHere) throw pageNotFound(request);
  // As the API reads it: one whose time is over has expired, to the second.
  await getSession(actor, { sessionId }, services);
  const input = { ...scope, sessionId, userId: actor.userId, role, timeZone };
  const view = await presentSession(input, services);
  if (view === null) throw pageNotFound(request);
  const isSharing = new URL(request.url).searchParams.has("share") && view.shareWith.length > 0;
  return { view, base: `/apps/${application.id}/${mode}`, isSharing, formId: newId() };
}

interface ActionResult {
  error?: string;
  note?: RefusedNote;
  shareErrors?: string[];
  link?: MadeShareLink;
}

export async function action({ request, params }: ActionFunctionArgs) {
  const { actor, application, merchant, mode, services } = await requireScope(request, params);
  const sessionId = params.sessionId ?? "";
  // The commands know the merchant only; the address also names an application and a mode.
  const scope = { merchantId: merchant.id, applicationId: application.id, mode };
  const isHere = isUuid(sessionId) && (await hasSession({ ...scope, sessionId }, services));
  if (!isHere) throw pageNotFound(request);
  const here = new URL(request.url).pathname.replace(/\.data$/, "");
  const answer = (result: ActionResult, status: number) => data(result, { status });
  const form = await request.formData();
  const id = formText(form, "id");
  try {
    switch (formText(form, "intent")) {
      case "expire":
        await expireSession(actor, { sessionId }, services);
        return redirectWithNotice(here, "The session is expired");
      case "sync": {
        const { status } = await syncSession(actor, { sessionId }, services);
        return redirectWithNotice(here, `The provider was asked: ${sessionStatusWord(status).toLowerCase()}`);
      }
      case "resend": {
        const eventId = formText(form, "eventId");
        if (!isUuid(id) || !isUuid(eventId)) break;
        const delivery = { applicationId: application.id, eventId, deliveryId: id };
        await resendDelivery(actor, delivery, services);
        return redirectWithNotice(here, "Sending it again");
      }
      case "add-note": {
        const noteId = formId(form);
        const outcome = await submitForm(form, sessionNoteSchema, ({ body }) =>
          addNote(actor, { id: noteId, sessionId, body }, services),
        );
        if (!outcome.ok) {
          const { error } = outcome.reply;
          const errors = Object.values(error ?? {}).flatMap((messages) => messages ?? []);
          return answer({ note: { body: formText(form, "body"), errors: errors.map(asSentence) } }, 422);
        }
        const { told } = outcome.value;
        const words = told === 0 ? "" : told === 1 ? "; one member is told" : `; ${told} members are told`;
        return redirectWithNotice(`${here}#note-${noteId}`, `Note added${words}`);
      }
      case "delete-note":
        if (!isUuid(id)) break;
        await deleteNote(actor, { sessionId, noteId: id }, services);
        return redirectWithNotice(here, "Note deleted");
      case "share": {
        const outcome = await submitForm(form, shareLinkSchema, (input) =>
          createShareLink(actor, { ...input, id: formId(form), sessionId }, services),
        );
        if (!outcome.ok) {
          const errors = Object.values(outcome.reply.error ?? {}).flatMap((messages) => messages ?? []);
          return answer({ shareErrors: errors.map(asSentence) }, 422);
        }
        const { expiresAt, ...link } = outcome.value;
        return answer({ link: { ...link, expiresAt: expiresAt.toISOString() } }, 200);
      }
      case "revoke-share":
        if (!isUuid(id)) break;
        await revokeShareLink(actor, { sessionId, linkId: id }, services);
        return redirectWithNotice(here, "The link is revoked");
    }
    return answer({ error: "This page cannot do that." }, 400);
  } catch (error) {
    if (isAppError(error, "NOT_FOUND")) throw pageNotFound(request);
    // A provider that does not answer is no fault of this page.
    const message = isAppError(error, "BAD_GATEWAY")
      ? [error.publicMessage].flat().join("; ")
      : refusalMessage(error);
    return answer({ error: message }, 422);
  }
}

/** "must not be empty" → "It must not be empty." */
const asSentence = (message: string) => (/^[a-z]/.test(message) ? `It ${message}.` : message);

export default function SessionPage() {
  const { view, base, isSharing, formId } = useLoaderData<typeof loader>();
  const result: ActionResult = useActionData<typeof action>() ?? {};
  const [params] = useSearchParams();
  const closeTo = withParams(params, { share: null });
  return (
    <>
      {result.link ? (
        <MadeLinkDialog link={result.link} closeTo={closeTo} />
      ) : isSharing ? (
        <ShareDialog
          providers={view.shareWith}
          formId={formId}
          closeTo={closeTo}
          errors={result.shareErrors ?? []}
        />
      ) : null}
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
      {result.error ? (
        <Callout tone="danger" role="alert" className="mb-4">
          {result.error}
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
              mayResend={view.canResend}
            />
          </div>
          <div className="min-w-0 max-xl:order-4">
            <SessionCalls calls={view.calls} path={`/api/v1/sessions/${view.id}`} />
          </div>
        </div>
        <aside aria-label="Details" className="grid gap-3 max-xl:contents">
          <div className="max-xl:order-1">
            <SummaryCard view={view} base={base} />
          </div>
          <div className="grid gap-3 max-xl:order-3">
            <RelatedCard view={view} base={base} />
            <IdempotencyCard idempotency={view.idempotency} base={base} />
            <NotesCard
              view={view.notes}
              canAnnotate={view.canAnnotate}
              formId={formId}
              refused={result.note ?? null}
            />
            <SharesCard shares={view.shares} canRevoke={view.shareWith.length > 0} />
          </div>
        </aside>
      </div>
    </>
  );
}
