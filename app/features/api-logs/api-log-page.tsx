import { Link } from "@remix-run/react";
import { Card, CardBody, CardHeader } from "~/components/ui/card";
import { CodeBlock } from "~/components/ui/code-block";
import { CopyButton } from "~/components/ui/copy-button";
import { CopyableId } from "~/components/ui/copyable-id";
import { DescriptionList } from "~/components/ui/description-list";
import { formatCount } from "~/components/ui/format";
import { PageHeader } from "~/components/ui/page-header";
import { TextLink } from "~/components/ui/text-link";
import { Time } from "~/components/ui/time";
import { WireBlock } from "~/features/sessions/wire-block";
import type { ApiLogView } from "./api-logs.presenter.server";
import { HttpStatusBadge, idempotencyWord } from "./http-status-badge";

const IDEMPOTENCY = {
  first: "the first call with this key",
  replayed: "the first call’s answer was returned",
  refused: "the key belongs to another body, or to a call that was still running",
} as const;

/** One call with what it is found by, both bodies, and the call once more as curl. `base` is `/apps/{id}/{mode}`. */
export function ApiLogPage({ view, base }: { view: ApiLogView; base: string }) {
  const logs = `${base}/developers/logs`;
  return (
    <>
      <PageHeader
        title={
          <>
            <code className="min-w-0 text-lg break-all">
              {view.method} {view.path}
            </code>
            <HttpStatusBadge status={view.status} />
          </>
        }
        description={
          <p>
            Came in <Time iso={view.createdAt} show="absolute" /> (<Time iso={view.createdAt} />
            ), answered in {formatCount(view.durationMs)} ms
            {view.errorCode ? (
              <>
                {" "}
                with <code>{view.errorCode}</code>
              </>
            ) : null}
          </p>
        }
        actions={<CopyButton text={view.curl} what="the call as curl" label="Copy as curl" />}
      />
      <div className="grid items-start gap-4 xl:grid-cols-[minmax(0,1fr)_360px]">
        <div className="grid min-w-0 gap-4 max-xl:order-2">
          <Body title="Request body" text={view.requestBody} none="The call had no body that is read." />
          <Body title="Response body" text={view.responseBody} none="The answer had no body." />
          <CodeBlock title="curl" note="Masked values are masked here too" code={view.curl} wrap />
        </div>
        <Card aria-labelledby="facts" className="max-xl:order-1">
          <CardHeader title="Call" id="facts" />
          <CardBody>
            <DescriptionList items={facts(view, base, logs)} />
          </CardBody>
        </Card>
      </div>
    </>
  );
}

function Body({ title, text, none }: { title: string; text: string | null; none: string }) {
  if (text === null) {
    return (
      <section
        aria-label={title}
        className="rounded-lg border border-border bg-surface px-3 py-2 text-text-2"
      >
        <h2 className="text-sm font-medium text-text">{title}</h2>
        {none}
      </section>
    );
  }
  return <WireBlock part={{ title, note: "JSON, redacted", text }} />;
}

function facts(view: ApiLogView, base: string, logs: string) {
  const search = (q: string, words: string) => (
    <TextLink to={`${logs}?q=${encodeURIComponent(q)}`} className="text-sm">
      {words}
    </TextLink>
  );
  return [
    { term: "Request", description: <CopyableId id={view.requestId} what="request id" /> },
    { term: "Route", description: <code className="break-all">{view.route}</code> },
    ...(view.query ? [{ term: "Query", description: <code className="break-all">{view.query}</code> }] : []),
    {
      term: "Credential",
      description: view.keyPrefix ? (
        <>
          <code>{view.keyPrefix}…</code>
          {view.keyDescription ? ` “${view.keyDescription}”` : null}
        </>
      ) : (
        `Access token${view.userName ? ` of ${view.userName}` : ""}`
      ),
    },
    {
      term: "Session",
      description: view.session ? (
        <span className="flex flex-wrap items-center gap-x-2">
          <Link
            to={`${base.replace(/\/(test|live)$/, "")}/${view.session.mode}/sessions/${view.session.id}`}
            prefetch="intent"
            className="font-medium text-accent hover:underline"
          >
            Open the session
          </Link>
          {search(view.session.id, "its calls")}
        </span>
      ) : null,
    },
    {
      term: "Order",
      description: view.orderReference ? (
        <span className="flex flex-wrap items-center gap-x-2">
          <code className="break-all">{view.orderReference}</code>
          {search(view.orderReference, "its calls")}
        </span>
      ) : null,
    },
    {
      term: "Idempotency",
      description: view.idempotencyKey ? (
        <>
          <CopyableId id={view.idempotencyKey} what="idempotency key" />
          {view.idempotencyResult ? (
            <span className="block">
              {idempotencyWord(view.idempotencyResult)}:{" "}
              <span className="text-sm text-text-3">{IDEMPOTENCY[view.idempotencyResult]}</span>
            </span>
          ) : (
            <span className="block text-sm text-text-3">The call never began, so the key stays free.</span>
          )}
          {search(view.idempotencyKey, "all calls with it")}
        </>
      ) : null,
    },
    { term: "From", description: view.ip && <code>{view.ip}</code> },
    { term: "Program", description: view.userAgent },
  ];
}
