import { Form, useRevalidator } from "@remix-run/react";
import { type ReactNode, useEffect, useRef } from "react";
import { HiddenFields, SubmitButton } from "~/components/form/submit-button";
import { Badge } from "~/components/ui/badge";
import { ButtonLink } from "~/components/ui/button";
import { Card, CardBody, CardHeader } from "~/components/ui/card";
import { CodeBlock } from "~/components/ui/code-block";
import { CopyableId } from "~/components/ui/copyable-id";
import { formatCount } from "~/components/ui/format";
import { RotateCw } from "~/components/ui/icons";
import { TextLink } from "~/components/ui/text-link";
import { Time } from "~/components/ui/time";
import type { DeliveryTryView, DeliveryView } from "./deliveries.presenter.server";
import { TimingBar } from "./timing-bar";
import { DeliveryStatusBadge } from "./webhook-badges";

export type DeliveryPanelProps = {
  delivery: DeliveryView;
  /** The same page without it; null where it is the page's own. */
  closeTo: string | null;
  /** Where its event is, with all its deliveries; null on that page. */
  eventTo: string | null;
  /** Instead of the event's type. */
  title?: ReactNode;
  /** Shows the event's body; where the page shows it once for all, false. */
  hasBody?: boolean;
  /** Where the delivery's payment session is. */
  sessionTo: string | null;
  mayRetry: boolean;
};

/** JSON with line breaks; anything else as it came. */
export function pretty(body: string): string {
  try {
    return JSON.stringify(JSON.parse(body), null, 2);
  } catch {
    return body;
  }
}

export const headerLines = (headers: Record<string, string>) =>
  Object.entries(headers)
    .map(([name, value]) => `${name}: ${value}`)
    .join("\n");

function Try({ attempt, isLast }: { attempt: DeliveryTryView; isLast: boolean }) {
  const isOk =
    attempt.responseStatus !== null && attempt.responseStatus >= 200 && attempt.responseStatus < 300;
  const response = [headerLines(attempt.responseHeaders), attempt.responseBody ?? ""]
    .filter(Boolean)
    .join("\n\n");
  return (
    <li className="border-t border-border pt-3">
      <details open={isLast}>
        <summary>
          <span className="inline-flex flex-wrap items-center gap-x-3 gap-y-1 pl-1 align-middle">
            <b>Attempt {attempt.number}</b>
            <Badge tone={isOk ? "success" : "danger"}>
              {attempt.responseStatus === null ? "No answer" : `Answered ${attempt.responseStatus}`}
            </Badge>
            <span className="text-text-2">{formatCount(attempt.durationMs)} ms</span>
            <Time iso={attempt.startedAt} className="text-text-2" />
          </span>
        </summary>
        <TimingBar timings={attempt.timings} />
        <div className="mt-3 grid gap-3 xl:grid-cols-2">
          <CodeBlock title="Request headers" code={headerLines(attempt.requestHeaders)} wrap />
          {attempt.responseStatus === null ? (
            <p className="self-start rounded-lg bg-danger-bg px-3 py-2.5">{`There was no answer: ${attempt.error ?? "the reason is not known"}.`}</p>
          ) : (
            <CodeBlock
              title="Response"
              note={`status ${attempt.responseStatus}`}
              code={response || "(empty)"}
              wrap
            />
          )}
        </div>
      </details>
    </li>
  );
}

/** How often, and how many times, a result that is about to come is asked for. */
const ASK_EVERY_MS = 1_000;
const ASK_TIMES = 20;

/** Loads the page's data again while an attempt is due: somebody is waiting for its result. */
function useResultOf(delivery: DeliveryView): void {
  const { revalidate, state } = useRevalidator();
  const asked = useRef({ id: delivery.id, times: 0 });
  useEffect(() => {
    if (asked.current.id !== delivery.id) asked.current = { id: delivery.id, times: 0 };
    const isDue = !delivery.nextAttemptAt || Date.parse(delivery.nextAttemptAt) < Date.now() + 6_000;
    if (delivery.status !== "PENDING" || !isDue) {
      asked.current.times = 0;
      return;
    }
    if (state !== "idle" || asked.current.times >= ASK_TIMES) return;
    const timer = setTimeout(() => {
      asked.current.times += 1;
      revalidate();
    }, ASK_EVERY_MS);
    return () => clearTimeout(timer);
  }, [delivery, revalidate, state]);
}

/** One delivery with what was sent and what came back, try by try. */
export function DeliveryPanel(props: DeliveryPanelProps) {
  const { delivery, closeTo, eventTo, sessionTo, mayRetry, title, hasBody = true } = props;
  useResultOf(delivery);
  const match = { intent: "retry", id: delivery.id };
  return (
    <Card className="mb-4 border-border-strong">
      <CardHeader
        title={
          <span className="flex flex-wrap items-center gap-2">
            {title ?? <code>{delivery.eventType}</code>}
            <DeliveryStatusBadge status={delivery.status} />
          </span>
        }
        actions={
          <>
            {mayRetry ? (
              <Form method="post" preventScrollReset>
                <HiddenFields values={match} />
                <SubmitButton size="sm" match={match}>
                  <RotateCw />
                  Send again
                </SubmitButton>
              </Form>
            ) : null}
            {closeTo === null ? null : (
              <ButtonLink to={closeTo} size="sm" variant="ghost" preventScrollReset>
                Close
              </ButtonLink>
            )}
          </>
        }
      />
      <CardBody className="grid gap-3">
        <p className="flex flex-wrap gap-x-6 gap-y-1 text-text-2">
          {eventTo === null ? null : (
            <span>
              Event <CopyableId id={delivery.eventId} what="event id" />
              {delivery.sequence === null ? ", " : `, number ${delivery.sequence} of its session, `}
              <TextLink inline to={eventTo}>
                all its deliveries
              </TextLink>
            </span>
          )}
          {sessionTo && delivery.sessionId ? (
            <span>
              Payment session{" "}
              <TextLink inline to={sessionTo}>
                {delivery.sessionId.slice(0, 8)}…
              </TextLink>
            </span>
          ) : null}
          <span>
            Created <Time iso={delivery.createdAt} />
          </span>
          {delivery.status === "PENDING" && delivery.nextAttemptAt ? (
            <span>
              Next attempt {delivery.isDue ? "when its turn comes" : <Time iso={delivery.nextAttemptAt} />}
            </span>
          ) : null}
        </p>
        {hasBody ? (
          <CodeBlock
            title="Body"
            note="signed, the same on every attempt"
            code={pretty(delivery.requestBody)}
            wrap
          />
        ) : null}
        {delivery.tries.length === 0 ? (
          <p className="text-text-2">Nothing has been sent yet.</p>
        ) : (
          <ol className="grid gap-3">
            {delivery.tries.map((attempt, index) => (
              <Try key={attempt.number} attempt={attempt} isLast={index === delivery.tries.length - 1} />
            ))}
          </ol>
        )}
      </CardBody>
    </Card>
  );
}
