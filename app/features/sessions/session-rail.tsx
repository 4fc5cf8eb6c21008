import { Link } from "@remix-run/react";
import { Card, CardBody, CardHeader } from "~/components/ui/card";
import { CopyableId } from "~/components/ui/copyable-id";
import { DescriptionList } from "~/components/ui/description-list";
import { formatDecimal } from "~/components/ui/format";
import { TriangleAlert } from "~/components/ui/icons";
import { Money } from "~/components/ui/money";
import { TextLink } from "~/components/ui/text-link";
import { Time } from "~/components/ui/time";
import { MethodLabel } from "./method-label";
import type { FulfilmentView, RelatedView, SessionView } from "./session.presenter.server";
import { SessionStatusBadge } from "./session-status-badge";

const CLOSED: Partial<Record<SessionView["status"], string>> = {
  SUCCEEDED: "by payment",
  FAILED: "by failure",
  EXPIRED: "unpaid",
};

/** What a webhook endpoint acknowledged of a paid order. */
function Fulfilment({ fulfilment }: { fulfilment: FulfilmentView }) {
  if (fulfilment.state === "fulfilled") {
    return (
      <>
        {fulfilment.orderId ? <CopyableId id={fulfilment.orderId} what="order id" full /> : null}{" "}
        <Time iso={fulfilment.at} className="text-sm text-text-3" />
      </>
    );
  }
  return fulfilment.isLate ? (
    <span className="inline-flex items-start gap-1 text-danger">
      <TriangleAlert aria-hidden className="mt-0.5 size-4 shrink-0" />
      <span>
        Not acknowledged, due <Time iso={fulfilment.dueAt} />
      </span>
    </span>
  ) : (
    <span className="text-text-3">
      Not acknowledged yet, due <Time iso={fulfilment.dueAt} />
    </span>
  );
}

/** Ids, customer, method, provider, and what is paid for. */
export function SummaryCard({ view, base }: { view: SessionView; base: string }) {
  const { customer } = view;
  return (
    <Card aria-labelledby="summary">
      <CardHeader title="Summary" id="summary" />
      <CardBody>
        <DescriptionList
          items={[
            { term: "Session", description: <CopyableId id={view.id} what="session id" /> },
            { term: "Order", description: <CopyableId id={view.order} what="order reference" full /> },
            {
              term: "Customer",
              description:
                customer.name || customer.email ? (
                  <>
                    {customer.name ? <span className="block">{customer.name}</span> : null}
                    {customer.email ? (
                      <TextLink
                        to={`${base}/sessions?customer=${encodeURIComponent(customer.email)}`}
                        className="text-sm break-all"
                      >
                        {customer.email}
                      </TextLink>
                    ) : null}
                  </>
                ) : customer.erasedAt ? (
                  <span className="text-text-3">
                    Erased <Time iso={customer.erasedAt} />
                  </span>
                ) : null,
            },
            {
              term: "Method",
              description: view.method ? (
                <MethodLabel method={view.method} />
              ) : (
                <span className="text-text-3">Not chosen yet</span>
              ),
            },
            {
              term: "Provider",
              description: view.provider ? (
                <>
                  {view.provider}{" "}
                  {view.score ? <span className="text-sm text-text-3">score {view.score}</span> : null}
                </>
              ) : null,
            },
            {
              term: "Provider ref.",
              description: view.providerReference ? (
                <CopyableId id={view.providerReference} what="provider reference" />
              ) : null,
            },
            {
              term: "Checkout ref.",
              description: <CopyableId id={view.checkoutReference} what="checkout reference" />,
            },
            view.finishedAt
              ? {
                  term: "Closed",
                  description: (
                    <>
                      <Time iso={view.finishedAt} show="absolute" />{" "}
                      <span className="text-sm text-text-3">{CLOSED[view.status]}</span>
                    </>
                  ),
                }
              : { term: "Expires", description: <Time iso={view.expiresAt} /> },
            ...(view.fulfilment
              ? [{ term: "Fulfilled", description: <Fulfilment fulfilment={view.fulfilment} /> }]
              : []),
            {
              term: "Request",
              description: view.requestId ? <CopyableId id={view.requestId} what="request id" /> : null,
            },
            ...(view.description ? [{ term: "Description", description: view.description }] : []),
          ]}
        />
        <h3 className="sr-only">Amount</h3>
        <dl className="mt-3 grid gap-1 border-t border-border pt-3">
          {view.items.map((item, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: an order may hold the same line twice, and never changes
            <Sum key={index} term={item.label} amount={item.amount} />
          ))}
          {view.shipping === null ? null : <Sum term="Shipping" amount={view.shipping} />}
          {view.tax === null ? null : <Sum term="Tax" amount={view.tax} />}
          <div className="mt-1 flex justify-between gap-3 border-t border-border pt-2 font-bold">
            <dt>Total</dt>
            <dd>
              <Money amount={view.amount} currency={view.currency} />
            </dd>
          </div>
        </dl>
        {view.metadata.length > 0 ? (
          <details className="mt-3 border-t border-border pt-3">
            <summary className="text-text-2">Additional information</summary>
            <DescriptionList
              className="mt-1"
              items={view.metadata.map(({ name, value }) => ({
                key: name,
                term: <code className="break-all">{name}</code>,
                description: value,
              }))}
            />
          </details>
        ) : null}
      </CardBody>
    </Card>
  );
}

function Sum({ term, amount }: { term: string; amount: string }) {
  return (
    <div className="flex justify-between gap-3">
      <dt className="min-w-0 break-words">{term}</dt>
      <dd className="whitespace-nowrap">{formatDecimal(amount)}</dd>
    </div>
  );
}

/** Other sessions of the same order and of the same customer. */
export function RelatedCard({ view, base }: { view: SessionView; base: string }) {
  const { sameOrder, sameCustomer, customer } = view;
  return (
    <Card aria-labelledby="related">
      <CardHeader title="Related sessions" id="related" />
      <CardBody className="grid gap-3">
        <Group
          title="Same order"
          sessions={sameOrder}
          base={base}
          all={`order=${encodeURIComponent(view.order)}`}
        />
        {customer.email ? (
          <Group
            title="Same customer, other orders"
            sessions={sameCustomer}
            base={base}
            all={`customer=${encodeURIComponent(customer.email)}`}
          />
        ) : null}
      </CardBody>
    </Card>
  );
}

function Group({
  title,
  sessions,
  base,
  all,
}: {
  title: string;
  sessions: readonly RelatedView[];
  base: string;
  all: string;
}) {
  return (
    <div>
      <h3 className="text-sm text-text-3">{title}</h3>
      {sessions.length === 0 ? (
        <p className="text-text-2">No other session.</p>
      ) : (
        <ul className="-mx-2">
          {sessions.map((session) => (
            <li key={session.id}>
              <Link
                to={`${base}/sessions/${session.id}`}
                prefetch="intent"
                className="flex items-center gap-x-3 rounded-md px-2 py-1.5 hover:bg-surface-hover"
              >
                <SessionStatusBadge status={session.status} />
                <span className="ml-auto text-right">
                  <Money amount={session.amount} currency={session.currency} />
                  <Time iso={session.createdAt} className="block text-sm text-text-3" />
                </span>
              </Link>
            </li>
          ))}
        </ul>
      )}
      {sessions.length >= 5 ? (
        <TextLink to={`${base}/sessions?${all}`} className="inline-flex min-h-6 items-center text-sm">
          Show all
        </TextLink>
      ) : null}
    </div>
  );
}

/** The key that made the session, and how often it came again. */
export function IdempotencyCard({
  idempotency,
  base,
}: {
  idempotency: SessionView["idempotency"];
  base: string;
}) {
  return (
    <Card aria-labelledby="idempotency">
      <CardHeader title="Idempotency" id="idempotency" />
      <CardBody>
        {idempotency === "none" ? (
          <p className="text-text-2">
            It was created without an idempotency key, so a repeated call would have made another session.
          </p>
        ) : idempotency ? (
          <DescriptionList
            items={[
              {
                term: "Key",
                description: (
                  <>
                    <CopyableId id={idempotency.key} what="idempotency key" />
                    <TextLink
                      to={`${base}/developers/logs?q=${encodeURIComponent(idempotency.key)}`}
                      className="block w-fit text-sm"
                    >
                      All calls with it
                    </TextLink>
                  </>
                ),
              },
              { term: "First call", description: <Time iso={idempotency.firstCall} show="absolute" /> },
              {
                term: "Replays",
                description:
                  idempotency.replays === 0 ? (
                    "none"
                  ) : (
                    <>
                      {idempotency.replays}
                      {idempotency.lastReplayedAt ? (
                        <>
                          , the last <Time iso={idempotency.lastReplayedAt} />
                        </>
                      ) : null}{" "}
                      <span className="text-sm text-text-3">same body, stored answer returned</span>
                    </>
                  ),
              },
              {
                term: "Refused",
                description:
                  idempotency.refusals.length === 0 ? (
                    "none"
                  ) : (
                    <ul>
                      {idempotency.refusals.map((refusal) => (
                        <li key={refusal.at}>
                          <Time iso={refusal.at} />:{" "}
                          <span className="text-sm text-text-3">
                            other body
                            {refusal.pointers.length > 0 ? (
                              <>
                                {" "}
                                at <code className="break-all">{refusal.pointers.join(", ")}</code>
                              </>
                            ) : null}
                          </span>
                        </li>
                      ))}
                    </ul>
                  ),
              },
            ]}
          />
        ) : (
          <p className="text-text-2">The key is kept for 24 hours; this one is gone.</p>
        )}
      </CardBody>
    </Card>
  );
}
