import type { SubmissionResult } from "@conform-to/react";
import { Form } from "@remix-run/react";
import { PageConfirm } from "~/components/form/page-dialog";
import { AlreadyShown } from "~/components/form/show-once";
import { HiddenFields, SubmitButton } from "~/components/form/submit-button";
import { ButtonLink } from "~/components/ui/button";
import { Callout } from "~/components/ui/callout";
import { Card, CardBody, CardFooter } from "~/components/ui/card";
import { CopyableId } from "~/components/ui/copyable-id";
import { DescriptionList } from "~/components/ui/description-list";
import { FlaskConical, History, Send } from "~/components/ui/icons";
import { PageHeader } from "~/components/ui/page-header";
import { Time } from "~/components/ui/time";
import type { Page } from "~/contracts/common";
import { IdentityField } from "~/features/users/identity-field";
import type { DeliveryRow, DeliveryView } from "./deliveries.presenter.server";
import { DeliveriesTable } from "./deliveries-table";
import { DeliveryPanel } from "./delivery-panel";
import { EndpointDialog, type MadeSecret, SecretDialog } from "./endpoint-dialogs";
import { RecoverDialog, RecoveryCard } from "./recovery";
import { EndpointStateBadge } from "./webhook-badges";
import type { EndpointDetails } from "./webhooks.presenter.server";
import { endpointUrlHint } from "./webhooks-page";

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
  const { endpoint, deliveries, delivery, mode, may, base, here, closeDelivery, result } = props;
  const isArchived = endpoint.state === "archived";
  const isOn = endpoint.state === "active" || endpoint.state === "failing";
  const canWrite = may.write && !isArchived;
  const ask = (question: string) => `${here}${here.includes("?") ? "&" : "?"}ask=${question}`;
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
            {isOn && may.retry ? (
              <ButtonLink to={ask("recover")} prefetch="none" preventScrollReset size="sm">
                <History />
                Recover missed events
              </ButtonLink>
            ) : null}
            <ButtonLink to={ask("edit")} prefetch="none" preventScrollReset size="sm">
              Edit
            </ButtonLink>
            <ButtonLink to={ask("roll")} prefetch="none" preventScrollReset size="sm">
              Roll secret
            </ButtonLink>
            {isOn ? (
              <ButtonLink to={ask("deactivate")} prefetch="none" preventScrollReset size="sm">
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
              to={ask("archive")}
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
      {canWrite && !result.made && !result.alreadyRolled ? <Questions {...props} mode={mode} /> : null}
    </>
  );
}

/** The dialogs of `?ask=`. */
function Questions({ endpoint, mode, ask, here, allowsLocal, result }: WebhookPageProps) {
  if (ask === "edit") {
    return (
      <EndpointDialog
        title="Edit endpoint"
        description="Deliveries that are under way go on to the new URL."
        closeTo={here}
        hidden={{ intent: "save" }}
        submitLabel="Save"
        defaults={endpoint}
        urlHint={endpointUrlHint(mode, allowsLocal)}
        lastResult={result.reply}
      />
    );
  }
  const questions = {
    deactivate: {
      title: "Turn this endpoint off?",
      label: "Turn off",
      text: (
        <>
          <p>
            <code className="break-all">{endpoint.url}</code> gets no new events until you turn it on again,
            and events of that time are not sent later.
          </p>
          <p className="mt-2">
            Deliveries that are waiting for their next attempt are cancelled when it comes.
          </p>
        </>
      ),
    },
    archive: {
      title: "Archive this endpoint?",
      label: "Archive endpoint",
      text: (
        <>
          <p>
            Nothing more is sent to <code className="break-all">{endpoint.url}</code>, and waiting deliveries
            are cancelled. This cannot be undone.
          </p>
          <p className="mt-2">What was sent to it stays to be looked at.</p>
        </>
      ),
    },
    roll: {
      title: "Roll the signing secret?",
      label: "Roll secret",
      text: (
        <>
          <p>
            Makes a new secret in place of <code>{endpoint.keyFingerprint}</code> and shows it once. For 24
            hours both sign every event; after that, a server that still checks with the old one refuses what
            it gets.
          </p>
          {endpoint.previousSecretUntil ? (
            <p className="mt-2">
              A roll is under way: the secret before <code>{endpoint.keyFingerprint}</code> stops signing at
              once.
            </p>
          ) : null}
        </>
      ),
    },
  } as const;
  if (ask === "recover") {
    const isOn = endpoint.state === "active" || endpoint.state === "failing";
    return isOn ? <RecoverDialog closeTo={here} canSinceFailing={endpoint.failingSince !== null} /> : null;
  }
  if (ask === null) return null;
  const { title, label, text } = questions[ask];
  return (
    <PageConfirm
      title={title}
      description={text}
      closeTo={here}
      submit={
        <SubmitButton form="webhook-question" variant="danger" match={{ intent: ask }}>
          {label}
        </SubmitButton>
      }
    >
      <Form method="post" id="webhook-question" preventScrollReset>
        <HiddenFields values={{ intent: ask, fingerprint: endpoint.keyFingerprint }} />
        {ask === "roll" ? <IdentityField /> : null}
      </Form>
    </PageConfirm>
  );
}
