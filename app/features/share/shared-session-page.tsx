import { BrandMark } from "~/components/layout/brand";
import { ThemeToggle } from "~/components/layout/theme";
import { Badge } from "~/components/ui/badge";
import { Callout } from "~/components/ui/callout";
import { Card, CardBody, CardHeader } from "~/components/ui/card";
import { CopyableId } from "~/components/ui/copyable-id";
import { DescriptionList } from "~/components/ui/description-list";
import { Unlink } from "~/components/ui/icons";
import { Money } from "~/components/ui/money";
import { PageHeader } from "~/components/ui/page-header";
import { SkipLink } from "~/components/ui/skip-link";
import { Time } from "~/components/ui/time";
import { MethodLabel } from "~/features/sessions/method-label";
import { SessionStatusBadge } from "~/features/sessions/session-status-badge";
import { SessionTimeline } from "~/features/sessions/session-timeline";
import type { SharedSessionView } from "./shared-session.presenter.server";

function Frame({ children }: { children: React.ReactNode }) {
  return (
    <div className="min-h-dvh">
      <SkipLink />
      <header className="flex items-center justify-between border-b border-border bg-surface px-6 py-3 max-sm:px-4">
        <span className="inline-flex items-center gap-2 font-bold">
          <BrandMark /> Kadosei
        </span>
        <ThemeToggle />
      </header>
      <main id="main" tabIndex={-1} className="mx-auto max-w-[1240px] p-6 max-sm:p-4">
        {children}
      </main>
    </div>
  );
}

/** One payment session for a provider's support desk, without a sign-in. */
export function SharedSessionPage({ view }: { view: SharedSessionView }) {
  return (
    <Frame>
      <PageHeader
        title={
          <>
            <Money amount={view.amount} currency={view.currency} className="text-xl" />
            <SessionStatusBadge status={view.status} />
            {view.mode === "test" ? <Badge tone="test">Test mode</Badge> : null}
          </>
        }
        description={
          <p className="break-words">
            A payment session that {view.merchant} shares with {view.provider}, created{" "}
            <Time iso={view.createdAt} show="absolute" />
          </p>
        }
      />
      <Callout className="mb-4">
        <p>
          The customer’s data is masked. This link ends on <Time iso={view.linkExpiresAt} show="absolute" />;{" "}
          {view.merchant} sees when it is opened.
        </p>
      </Callout>
      {view.failure ? (
        <Callout tone="danger" title={view.failure.label} className="mb-4">
          <p>
            {view.failure.explanation}
            {view.failure.providerCode ? (
              <>
                {" "}
                {view.provider} said <code>{view.failure.providerCode}</code>.
              </>
            ) : null}
          </p>
        </Callout>
      ) : null}
      <div className="grid items-start gap-4 xl:grid-cols-[minmax(0,1fr)_380px]">
        <div className="min-w-0 max-xl:order-2">
          <SessionTimeline items={view.timeline} zone="UTC" logTo={null} />
        </div>
        <Card aria-labelledby="summary" className="max-xl:order-1">
          <CardHeader title="Summary" id="summary" />
          <CardBody>
            <DescriptionList
              items={[
                {
                  term: "Provider ref.",
                  description:
                    view.providerReferences.length === 0 ? null : (
                      <ul>
                        {view.providerReferences.map((reference) => (
                          <li key={reference}>
                            <CopyableId id={reference} what="provider reference" full />
                          </li>
                        ))}
                      </ul>
                    ),
                },
                {
                  term: "Checkout ref.",
                  description: <CopyableId id={view.checkoutReference} what="checkout reference" full />,
                },
                { term: "Order", description: <CopyableId id={view.order} what="order reference" full /> },
                { term: "Customer", description: view.customerEmail },
                { term: "Method", description: view.method && <MethodLabel method={view.method} /> },
                {
                  term: "Closed",
                  description: view.finishedAt ? (
                    <Time iso={view.finishedAt} show="absolute" />
                  ) : (
                    "Still open"
                  ),
                },
              ]}
            />
          </CardBody>
        </Card>
      </div>
    </Frame>
  );
}

/** The link has ended, or was taken back. */
export function ShareLinkGonePage() {
  return (
    <Frame>
      <div className="mx-auto my-[10vh] max-w-[460px]">
        <Unlink aria-hidden className="size-6 text-text-3" />
        <h1 className="mt-2 text-xl font-bold tracking-[-0.01em]">This link has ended</h1>
        <p className="mt-2 text-text-2">
          It has expired or was taken back. Ask whoever sent it to you for a new one.
        </p>
      </div>
    </Frame>
  );
}
