import { Form } from "@remix-run/react";
import { PageConfirm } from "~/components/form/page-dialog";
import { HiddenFields, SubmitButton } from "~/components/form/submit-button";
import { Time } from "~/components/ui/time";
import { IdentityField } from "~/features/users/identity-field";
import type { ApplicationView } from "./applications.presenter.server";

const count = (number: number, what: string) => `${number} ${what}${number === 1 ? "" : "s"}`;

/** What stops when the application's keys are refused. */
function Consequences({ application }: { application: ApplicationView }) {
  return (
    <ul className="mt-2 grid list-disc gap-1 pl-5">
      <li>
        {application.workingKeys === 0
          ? "No API key works at the moment, so no integration is cut off."
          : `${count(application.workingKeys, "working API key")}: every call with one is refused, so no new payment session can be created.`}
      </li>
      <li>
        {application.lastSessionAt ? (
          <>
            The last payment session was created <Time iso={application.lastSessionAt} />.
          </>
        ) : (
          "It has never had a payment session."
        )}
      </li>
      {application.openSessions > 0 ? (
        <li>
          {count(application.openSessions, "payment session")} that customers can still pay: these go on to
          their end.
        </li>
      ) : null}
    </ul>
  );
}

export type ApplicationQuestionKind = "disable" | "archive" | "callback-secret";

type QuestionProps = { application: ApplicationView; path: string };

const ends = {
  disable: {
    verb: "Disable",
    note: "You can enable it again at any time.",
  },
  archive: {
    verb: "Archive",
    note: "This cannot be undone. Payment sessions and their history stay readable.",
  },
} as const;

/** The dialogs of `?ask=`. */
export function ApplicationQuestion({
  application,
  path,
  ask,
}: QuestionProps & { ask: ApplicationQuestionKind }) {
  if (ask === "callback-secret") return <CallbackSecretQuestion application={application} path={path} />;
  const { verb, note } = ends[ask];
  return (
    <PageConfirm
      title={`${verb} ${application.name}?`}
      description={<Consequences application={application} />}
      closeTo={path}
      submit={
        <SubmitButton form={ask} variant="danger" match={{ intent: ask }}>
          {verb} application
        </SubmitButton>
      }
    >
      <Form method="post" action={path} id={ask} preventScrollReset>
        <HiddenFields values={{ intent: ask }} />
        <p className="text-text-2">{note}</p>
      </Form>
    </PageConfirm>
  );
}

/** Asks before a new secret is made. */
function CallbackSecretQuestion({ application, path }: QuestionProps) {
  const { callbackSecret: secret, name } = application;
  const match = { intent: "roll-callback-secret" };
  return (
    <PageConfirm
      title={
        secret === null ? `Make the callback secret of ${name}?` : `Roll the callback secret of ${name}?`
      }
      description={
        secret === null
          ? "It is shown once, right after this."
          : secret.previousExpiresAt
            ? "A roll is under way: the secret before the current one stops signing at once. The current one signs on for 24 hours beside the new one."
            : "The new secret is shown once. For 24 hours both sign, so that your servers can change over."
      }
      closeTo={path}
      submit={
        <SubmitButton form="callback-secret" variant="primary" match={match}>
          {secret === null ? "Make secret" : "Roll secret"}
        </SubmitButton>
      }
    >
      <Form method="post" action={path} id="callback-secret" preventScrollReset>
        <HiddenFields values={{ ...match, fingerprint: secret?.fingerprint ?? "" }} />
        <IdentityField />
      </Form>
    </PageConfirm>
  );
}
