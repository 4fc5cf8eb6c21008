import type { SubmissionResult } from "@conform-to/react";
import { Form } from "@remix-run/react";
import { PageConfirm } from "~/components/form/page-dialog";
import { HiddenFields, SubmitButton } from "~/components/form/submit-button";
import { ButtonLink } from "~/components/ui/button";
import { Callout } from "~/components/ui/callout";
import { Card, CardBody, CardHeader } from "~/components/ui/card";
import { CopyableId } from "~/components/ui/copyable-id";
import { DescriptionList } from "~/components/ui/description-list";
import { PageHeader } from "~/components/ui/page-header";
import { Time } from "~/components/ui/time";
import { ApplicationForm } from "./application-form";
import { ApplicationStateBadge } from "./application-state-badge";
import type { ApplicationView } from "./applications.presenter.server";
import {
  CallbackSecretCard,
  CallbackSecretQuestion,
  CallbackSecretResult,
  type MadeCallbackSecret,
} from "./callback-secret";
import { CheckoutCard } from "./checkout-card";
import { FulfilmentCard } from "./fulfilment-card";
import { RetentionCard } from "./retention-card";

export type ApplicationPageProps = {
  application: ApplicationView;
  lastResult: SubmissionResult<string[]> | undefined;
  fulfilmentResult: SubmissionResult<string[]> | undefined;
  checkoutResult: SubmissionResult<string[]> | undefined;
  /** Why the last logo was refused. */
  logoProblem: string | null;
  timeZones: readonly string[];
  retentionResult: SubmissionResult<string[]> | undefined;
  /** Why the last press on a button did nothing. */
  problem: string | null;
  /** The question that the URL asks. */
  ask: "disable" | "archive" | "callback-secret" | null;
  /** A callback secret that was just made: in this response only. */
  madeSecret: MadeCallbackSecret | "already" | null;
  may: { write: boolean; archive: boolean; webhooks: boolean; privacy: boolean };
};

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

/** Settings of one application: name, whether it is in use, and its end. */
export function ApplicationPage(props: ApplicationPageProps) {
  const { application, lastResult, fulfilmentResult, retentionResult, problem, ask, may, madeSecret } = props;
  const path = `/applications/${application.id}`;
  const isArchived = application.state === "archived";
  return (
    <>
      <PageHeader
        title={
          <>
            {application.name}
            <ApplicationStateBadge state={application.state} />
          </>
        }
        description={
          isArchived ? "Archived: its keys are refused for good, and its history stays." : undefined
        }
        actions={
          <ButtonLink to={`/apps/${application.id}/test`} variant={isArchived ? "secondary" : "primary"}>
            Open overview
          </ButtonLink>
        }
      />
      {problem ? (
        <Callout tone="danger" role="alert" className="mb-4">
          {problem}
        </Callout>
      ) : null}
      <CallbackSecretResult made={madeSecret} application={application} path={path} />
      <div className="grid gap-4 xl:grid-cols-[minmax(0,1fr)_360px] xl:items-start">
        <div className="grid gap-4">
          <Card>
            <CardHeader title="Details" />
            <CardBody>
              <ApplicationForm
                key={`${application.name}|${application.description}`}
                lastResult={lastResult}
                defaults={{ name: application.name, description: application.description }}
                submitLabel="Save"
                readOnly={isArchived || !may.write}
              />
            </CardBody>
          </Card>
          {isArchived ? null : (
            <CheckoutCard
              key={JSON.stringify(application.brand)}
              application={application}
              canWrite={may.write}
              lastResult={props.checkoutResult}
              logoProblem={props.logoProblem}
              path={path}
              timeZones={props.timeZones}
            />
          )}
          {isArchived ? null : (
            <CallbackSecretCard application={application} path={path} canWrite={may.webhooks} />
          )}
          {isArchived ? null : (
            <FulfilmentCard application={application} canWrite={may.write} lastResult={fulfilmentResult} />
          )}
          {isArchived ? null : (
            <RetentionCard application={application} canWrite={may.privacy} lastResult={retentionResult} />
          )}
          {isArchived ? null : <Availability application={application} path={path} may={may} />}
        </div>
        <Card>
          <CardHeader title="In use" />
          <CardBody>
            <DescriptionList
              items={[
                { term: "Working keys", description: application.workingKeys },
                {
                  term: "Connections",
                  description: `${application.connections.test} test, ${application.connections.live} live`,
                },
                { term: "Webhooks", description: application.endpoints },
                {
                  term: "Last session",
                  description: application.lastSessionAt ? (
                    <Time iso={application.lastSessionAt} />
                  ) : (
                    "No session yet"
                  ),
                },
                { term: "Created", description: <Time iso={application.createdAt} show="absolute" /> },
                { term: "Id", description: <CopyableId id={application.id} what="application id" /> },
              ]}
            />
          </CardBody>
        </Card>
      </div>
      {ask === "disable" && application.state === "enabled" && may.write ? (
        <PageConfirm
          title={`Disable ${application.name}?`}
          description={<Consequences application={application} />}
          closeTo={path}
          submit={
            <SubmitButton form="disable" variant="danger" match={{ intent: "disable" }}>
              Disable application
            </SubmitButton>
          }
        >
          <Form method="post" action={path} id="disable" preventScrollReset>
            <HiddenFields values={{ intent: "disable" }} />
            <p className="text-text-2">You can enable it again at any time.</p>
          </Form>
        </PageConfirm>
      ) : null}
      {ask === "callback-secret" && madeSecret === null && !isArchived && may.webhooks ? (
        <CallbackSecretQuestion application={application} path={path} />
      ) : null}
      {ask === "archive" && !isArchived && may.archive ? (
        <PageConfirm
          title={`Archive ${application.name}?`}
          description={<Consequences application={application} />}
          closeTo={path}
          submit={
            <SubmitButton form="archive" variant="danger" match={{ intent: "archive" }}>
              Archive application
            </SubmitButton>
          }
        >
          <Form method="post" action={path} id="archive" preventScrollReset>
            <HiddenFields values={{ intent: "archive" }} />
            <p className="text-text-2">
              This cannot be undone. Payment sessions and their history stay readable.
            </p>
          </Form>
        </PageConfirm>
      ) : null}
    </>
  );
}

function Availability({
  application,
  path,
  may,
}: Pick<ApplicationPageProps, "application" | "may"> & { path: string }) {
  if (!may.write && !may.archive) return null;
  return (
    <Card>
      <CardHeader title="Availability" />
      <CardBody className="grid gap-4">
        {may.write ? (
          <div className="flex flex-wrap items-center justify-between gap-3">
            <p className="max-w-[60ch] text-text-2">
              {application.state === "enabled"
                ? "Disabled, the application refuses its API keys in both modes until it is enabled again."
                : "The application refuses its API keys in both modes. Enabled, the same keys work again."}
            </p>
            {application.state === "enabled" ? (
              <ButtonLink to={`${path}?ask=disable`} preventScrollReset>
                Disable
              </ButtonLink>
            ) : (
              <Form method="post" action={path} preventScrollReset>
                <HiddenFields values={{ intent: "enable" }} />
                <SubmitButton match={{ intent: "enable" }}>Enable</SubmitButton>
              </Form>
            )}
          </div>
        ) : null}
        {may.archive ? (
          <div className="flex flex-wrap items-center justify-between gap-3 border-t border-border pt-4 first:border-t-0 first:pt-0">
            <p className="max-w-[60ch] text-text-2">
              Archived, its keys stop working for good; payment sessions and their history stay.
            </p>
            <ButtonLink to={`${path}?ask=archive`} variant="danger-quiet" preventScrollReset>
              Archive
            </ButtonLink>
          </div>
        ) : null}
      </CardBody>
    </Card>
  );
}
