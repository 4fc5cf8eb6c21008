import type { SubmissionResult } from "@conform-to/react";
import { Form } from "@remix-run/react";
import { laterDialog } from "~/components/form/later-dialog";
import { AlreadyShown } from "~/components/form/show-once";
import { HiddenFields, SubmitButton } from "~/components/form/submit-button";
import { ButtonLink } from "~/components/ui/button";
import { Callout } from "~/components/ui/callout";
import { Card, CardBody, CardFooter } from "~/components/ui/card";
import { CopyableId } from "~/components/ui/copyable-id";
import { DescriptionList } from "~/components/ui/description-list";
import { FlaskConical, History, Send } from "~/components/ui/icons";
import { laterPart } from "~/components/ui/later-part";
import { PageHeader } from "~/components/ui/page-header";
import { Time } from "~/components/ui/time";
import type { Page } from "~/contracts/common";
import type { DeliveryRow, DeliveryView } from "./deliveries.presenter.server";
import { DeliveriesTable } from "./deliveries-table";
import { type MadeSecret, SecretDialog } from "./secret-dialog";
import { EndpointStateBadge } from "./webhook-badges";
import type { EndpointDetails } from "./webhooks.presenter.server";

const DeliveryPanel = laterPart(() => import("./delivery-panel").then((all) => all.DeliveryPanel));
const RecoveryCard = laterPart(() => import("./recovery-card").then((all) => all.RecoveryCard));
const Questions = laterDialog(() => import("./webhook-questions").then((all) => all.Questions));

export type WebhookPageProps = {
  endpoint: EndpointDetails;
  deliveries: Page<DeliveryRow>;
  /** The one that `?delivery=` opens. */
  delivery: DeliveryView | null;
  mode: "test" | "live";
  may: { write: boolean; retry: boolean };
  allowsLocal: boolean;
  ask: "edit" | "deactivate" | "archive" | "roll" | "recover" | null;
  /** The scope's pages: `/apps/{id}/test`. */
  base: string;
  /** This page without dialogs, with the list's own parameters. */
  here: string;
  closeDelivery: string;
  result: {
    /** What is wrong with the proof of who it is. */
    proof?: string[];
    made?: MadeSecret;
    alreadyRolled?: boolean;
    reply?: SubmissionResult<string[]>;
    problem?: string;
  };
};

function StateCallout({ endpoint }: { endpoint: EndpointDetails }) {
  if (endpoint.state === "failing" && endpoint.failingSince) {
    const { circuit } = endpoint;
    return (
      <Callout
        tone="warning"
        className="mb-4"
        title={circuit?.openedAt ? "It is tried less for now" : undefined}
      >
        <p>
          Deliveries have failed since <Time iso={endpoint.failingSince} />
          {circuit?.lastError ? `, last because ${circuit.lastError}` : ""}. After five days without a success
          the endpoint is turned off.
        </p>
        {circuit?.openedAt && circuit.nextProbeAt ? (
          <p className="mt-1">
            {circuit.failures} failed in a row, so deliveries wait and one at a time is tried, next{" "}
            <Time iso={circuit.nextProbeAt} />. The first that arrives lets all others go. Send one again to
            try at once.
          </p>
        ) : null}
      </Callout>
    );
  }
  if ((endpoint.state === "gone" || endpoint.state === "gave_up") && endpoint.deactivatedAt) {
    return (
      <Callout tone="danger" className="mb-4" title="Kadosei turned this endpoint off">
        <p>
          <Time iso={endpoint.deactivatedAt} />,{" "}
          {endpoint.state === "gone" ? "because it answered 410 Gone" : "because it had failed for five days"}
          . New events are not sent to it. Once your server is right again, turn it on and recover what it
          missed.
        </p>
      </Callout>
    );
  }
  return null;
}

/** One endpoint: how it is, what it gets, and everything that was sent to it. */
export function WebhookPage(props: WebhookPageProps) {
  const { endpoint, deliveries, delivery, mode, may, ask, base, here, closeDelivery, result } = props;
  const isArchived = endpoint.state === "archived";
  const isOn = endpoint.state === "active" || endpoint.state === "failing";
  const canWrite = may.write && !isArchived;
  const canRecover = canWrite && isOn && may.retry;
  const question = ask === "recover" && !canRecover ? null : ask;
  const asking = (question: string) => `${here}${here.includes("?") ? "&" : "?"}ask=${question}`;
  return (
    <>
      <PageHeader
        title={
          <>
            <span className="min-w-0 wrap-anywhere">{endpoint.url}</span>
            <EndpointStateBadge state={endpoint.state} />
          </>
        }
        description={
          isArchived ? "Archived: nothing is sent to it. Its deliveries stay to be looked at." : undefined
        }
        actions={
          <>
            {mode === "test" ? (
              <ButtonLink to={`${base}/webhooks/${endpoint.id}/drill`} className="max-sm:w-full">
                <FlaskConical />
                Integration drill
              </ButtonLink>
            ) : null}
            {canWrite ? (
              <Form method="post" preventScrollReset className="max-sm:w-full">
                <HiddenFields values={{ intent: "test" }} />
                <SubmitButton variant="primary" match={{ intent: "test" }} className="max-sm:w-full">
                  <Send />
                  Send test event
                </SubmitButton>
              </Form>
            ) : null}
          </>
        }
      />
      {result.made ? <SecretDialog made={result.made} closeTo={here} /> : null}
      {result.alreadyRolled ? (
        <AlreadyShown>
          It made a new secret the first time, and no second one now. That secret cannot be shown again: if
          you did not store it, roll once more.
        </AlreadyShown>
      ) : null}
      {result.problem ? (
        <Callout tone="danger" role="alert" className="mb-4">
          {result.problem}
        </Callout>
      ) : null}
      <StateCallout endpoint={endpoint} />
      <Card className="mb-6">
        <CardBody>
          <DescriptionList
            className="gap-x-8 lg:grid-cols-2"
            items={[
              { term: "Events", description: endpoint.subscribedEvents.join(", ") },
              {
                term: "Secret",
                description: (
                  <>
                    <code>{endpoint.keyFingerprint}</code>
                    {endpoint.previousSecretUntil ? (
                      <span className="block text-sm text-text-3">
                        The previous secret signs too, until it ends{" "}
                        <Time iso={endpoint.previousSecretUntil} />.
                      </span>
                    ) : null}
                  </>
                ),
              },
              {
                term: "Last test",
                description: endpoint.lastTestAt ? (
                  <>
                    <Time iso={endpoint.lastTestAt} />, {endpoint.lastTestStatus}
                  </>
                ) : (
                  "Not tested yet"
                ),
              },
              { term: "Created", description: <Time iso={endpoint.createdAt} show="absolute" /> },
              { term: "Id", description: <CopyableId id={endpoint.id} what="endpoint id" /> },
            ]}
          />
        </CardBody>
        {canWrite ? (
          <CardFooter>
            {canRecover ? (
              <ButtonLink to={asking("recover")} prefetch="none" preventScrollReset size="sm">
                <History />
                Recover missed events
              </ButtonLink>
            ) : null}
            <ButtonLink to={asking("edit")} prefetch="none" preventScrollReset size="sm">
              Edit
            </ButtonLink>
            <ButtonLink to={asking("roll")} prefetch="none" preventScrollReset size="sm">
              Roll secret
            </ButtonLink>
            {isOn ? (
              <ButtonLink to={asking("deactivate")} prefetch="none" preventScrollReset size="sm">
                Turn off
              </ButtonLink>
            ) : (
              <Form method="post" preventScrollReset>
                <HiddenFields values={{ intent: "activate" }} />
                <SubmitButton size="sm" match={{ intent: "activate" }}>
                  Turn on
                </SubmitButton>
              </Form>
            )}
            <ButtonLink
              to={asking("archive")}
              prefetch="none"
              preventScrollReset
              size="sm"
              variant="danger-quiet"
            >
              Archive
            </ButtonLink>
          </CardFooter>
        ) : null}
      </Card>
      {endpoint.recovery ? <RecoveryCard recovery={endpoint.recovery} /> : null}
      {delivery ? (
        <DeliveryPanel
          delivery={delivery}
          eventTo={`${base}/webhooks/events/${delivery.eventId}`}
          closeTo={closeDelivery}
          sessionTo={delivery.sessionId ? `${base}/sessions/${delivery.sessionId}` : null}
          mayRetry={may.retry && isOn}
        />
      ) : null}
      <DeliveriesTable page={deliveries} openId={delivery?.id ?? null} />
      {question && canWrite && !result.made && !result.alreadyRolled ? (
        <Questions {...props} ask={question} />
      ) : null}
    </>
  );
}
