import { Callout } from "~/components/ui/callout";
import { CodeBlock } from "~/components/ui/code-block";
import { CopyableId } from "~/components/ui/copyable-id";
import { PageHeader } from "~/components/ui/page-header";
import { TextLink } from "~/components/ui/text-link";
import { Time } from "~/components/ui/time";
import type { EventView } from "./deliveries.presenter.server";
import { DeliveryPanel, pretty } from "./delivery-panel";

export type EventPageProps = {
  event: EventView;
  /** The scope's pages: `/apps/{id}/test`. */
  base: string;
  mayRetry: boolean;
  /** Why the last press on a button did nothing. */
  problem: string | null;
};

/** One event: its body, and everywhere that it went. */
export function EventPage({ event, base, mayRetry, problem }: EventPageProps) {
  return (
    <>
      <PageHeader
        title={<code>{event.type}</code>}
        description={
          <p className="flex flex-wrap gap-x-6 gap-y-1">
            <span>
              Event <CopyableId id={event.id} what="event id" />
            </span>
            {event.sessionId ? (
              <span>
                {event.sequence === null ? "Of" : `Number ${event.sequence} of`}{" "}
                <TextLink inline to={`${base}/sessions/${event.sessionId}`}>
                  payment session {event.sessionId.slice(0, 8)}…
                </TextLink>
              </span>
            ) : null}
            <span>
              Created <Time iso={event.createdAt} />
            </span>
          </p>
        }
      />
      {problem ? (
        <Callout tone="danger" role="alert" className="mb-4">
          {problem}
        </Callout>
      ) : null}
      <CodeBlock
        title="Body"
        note="signed, the same for everybody and on every attempt"
        code={pretty(event.body)}
        wrap
        className="mb-6"
      />
      <h2 className="mb-2 font-bold">Deliveries</h2>
      {event.deliveries.length === 0 ? (
        <p className="text-text-2">
          It went nowhere: no webhook endpoint subscribed to this event when it was written.
        </p>
      ) : null}
      {event.deliveries.map((delivery) => (
        <DeliveryPanel
          key={delivery.id}
          delivery={delivery}
          title={
            delivery.endpointId === null ? (
              <span className="font-normal">
                To the session’s own callback <code className="break-all">{delivery.url}</code>
              </span>
            ) : (
              <TextLink
                inline
                to={`${base}/webhooks/${delivery.endpointId}?delivery=${delivery.id}`}
                className="font-normal break-all"
              >
                <code>{delivery.url}</code>
              </TextLink>
            )
          }
          hasBody={false}
          closeTo={null}
          eventTo={null}
          sessionTo={null}
          mayRetry={mayRetry}
        />
      ))}
    </>
  );
}
