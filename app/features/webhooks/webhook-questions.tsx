import { Form } from "@remix-run/react";
import { PageConfirm } from "~/components/form/page-dialog";
import { HiddenFields, SubmitButton } from "~/components/form/submit-button";
import { IdentityField } from "~/features/users/identity-field";
import { EndpointDialog } from "./endpoint-dialog";
import { RecoverDialog } from "./recover-dialog";
import type { WebhookPageProps } from "./webhook-page";

type QuestionProps = WebhookPageProps & { ask: NonNullable<WebhookPageProps["ask"]> };

/** The dialogs of `?ask=`. */
export function Questions({ endpoint, mode, ask, here, allowsLocal, result }: QuestionProps) {
  if (ask === "edit") {
    return (
      <EndpointDialog
        title="Edit endpoint"
        description="Deliveries that are under way go on to the new URL."
        closeTo={here}
        hidden={{ intent: "save" }}
        submitLabel="Save"
        defaults={endpoint}
        mode={mode}
        allowsLocal={allowsLocal}
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
    return <RecoverDialog closeTo={here} canSinceFailing={endpoint.failingSince !== null} />;
  }
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
