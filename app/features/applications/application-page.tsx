import type { SubmissionResult } from "@conform-to/react";
import { Form } from "@remix-run/react";
import { laterDialog } from "~/components/form/later-dialog";
import { HiddenFields, SubmitButton } from "~/components/form/submit-button";
import { ButtonLink } from "~/components/ui/button";
import { Callout } from "~/components/ui/callout";
import { Card, CardBody, CardHeader } from "~/components/ui/card";
import { CopyableId } from "~/components/ui/copyable-id";
import { DescriptionList } from "~/components/ui/description-list";
import { PageHeader } from "~/components/ui/page-header";
import { Time } from "~/components/ui/time";
import { ApplicationForm } from "./application-form";
import type { ApplicationQuestionKind } from "./application-question";
import { ApplicationStateBadge } from "./application-state-badge";
import type { ApplicationView } from "./applications.presenter.server";
import { CallbackSecretCard, CallbackSecretResult, type MadeCallbackSecret } from "./callback-secret";
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
  ask: ApplicationQuestionKind | null;
  /** A callback secret that was just made: in this response only. */
  madeSecret: MadeCallbackSecret | "already" | null;
  may: { write: boolean; archive: boolean; webhooks: boolean; privacy: boolean };
};

const ApplicationQuestion = laterDialog(() =>
  import("./application-question").then((all) => all.ApplicationQuestion),
);

/** Settings of one application: name, whether it is in use, and its end. */
export function ApplicationPage(props: ApplicationPageProps) {
  const { application, lastResult, fulfilmentResult, retentionResult, problem, ask, may, madeSecret } = props;
  const path = `/applications/${application.id}`;
  const isArchived = application.state === "archived";
  const canAsk = {
    disable: application.state === "enabled" && may.write,
    archive: !isArchived && may.archive,
    "callback-secret": madeSecret === null && !isArchived && may.webhooks,
  };
  const asked = ask && canAsk[ask] ? ask : null;
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
      {asked ? <ApplicationQuestion application={application} path={path} ask={asked} /> : null}
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
