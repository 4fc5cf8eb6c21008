import type { SubmissionResult } from "@conform-to/react";
import { fieldErrors } from "~/components/form/field-errors";
import { laterDialog } from "~/components/form/later-dialog";
import { SubmitButton } from "~/components/form/submit-button";
import { ButtonLink } from "~/components/ui/button";
import { Callout } from "~/components/ui/callout";
import { Card, CardBody, CardFooter, CardHeader } from "~/components/ui/card";
import { EmptyState } from "~/components/ui/empty-state";
import { Field } from "~/components/ui/field";
import { Eye, Plug, Save } from "~/components/ui/icons";
import { Input } from "~/components/ui/input";
import { laterPart } from "~/components/ui/later-part";
import { PageHeader } from "~/components/ui/page-header";
import { Time } from "~/components/ui/time";
import type { RoutingReplay } from "~/contracts/routing-rules";
import { RoutingTabs } from "./routing-tabs";
import type { RulesView } from "./rules.presenter.server";
import { RulesForm } from "./rules-form";
import type { RulesForm as RulesFormMetadata } from "./rules-form-parts";
import type { RulesFormFields } from "./rules-form-schema";
import { RulesVersions } from "./rules-versions";

const ReplayResult = laterPart(() => import("./replay-result").then((all) => all.ReplayResult));
const RevertQuestion = laterDialog(() => import("./revert-question").then((all) => all.RevertQuestion));

/** What the last submission of the form came to. */
export interface RulesResult {
  /** The version that the form was filled in on; it stays so until the page is loaded anew. */
  version?: string;
  reply?: SubmissionResult<string[]>;
  draft?: RulesFormFields;
  preview?: { replay: RoutingReplay; digest: string; isSecond: boolean };
  /** Why a revert did nothing. */
  problem?: string;
}

export type RulesPageProps = {
  view: RulesView;
  applicationName: string;
  mode: "test" | "live";
  mayWrite: boolean;
  path: string;
  providersPath: string;
  result: RulesResult;
};

/** The routing settings of one application and mode: seen, changed after a preview, and every version of them. */
export function RulesPage(props: RulesPageProps) {
  const { view, applicationName, mode, mayWrite, path, providersPath, result } = props;
  return (
    <>
      <PageHeader
        title="Routing rules"
        description={
          <p>
            How {applicationName} chooses among its providers in {mode} mode.{" "}
            {view.savedAt === null ? (
              "Nothing was set yet: these are the defaults."
            ) : (
              <>
                Version {view.version}, saved <Time iso={view.savedAt} />
                {view.author ? ` by ${view.author}` : ""}.
              </>
            )}
          </p>
        }
      />
      <RoutingTabs />
      {result.problem ? (
        <Callout tone="danger" role="alert" className="mb-4">
          {result.problem}
        </Callout>
      ) : null}
      {mayWrite ? null : (
        <Callout tone="info" className="mb-4">
          You may see these settings. Changing them takes an owner, admin or developer of an application that
          is not archived.
        </Callout>
      )}
      {view.connections.length === 0 ? (
        <Card>
          <EmptyState
            icon={<Plug />}
            title="No providers to choose from"
            action={<ButtonLink to={providersPath}>Providers</ButtonLink>}
          >
            Rules are about provider connections. Connect one, and say here when it is used.
          </EmptyState>
        </Card>
      ) : (
        <RulesForm
          key={result.version ?? view.version}
          view={view}
          mayWrite={mayWrite}
          lastResult={result.reply}
          draft={result.draft}
        >
          {(form) =>
            mayWrite ? <PreviewCard form={form} view={view} preview={result.preview} path={path} /> : null
          }
        </RulesForm>
      )}
      <RulesVersions view={view} mayWrite={mayWrite} path={path} />
      {view.reverting ? (
        <RevertQuestion reverting={view.reverting} version={view.version} path={path} />
      ) : null}
    </>
  );
}

function PreviewCard({
  form,
  view,
  preview,
  path,
}: {
  form: RulesFormMetadata;
  view: RulesView;
  preview: RulesResult["preview"];
  path: string;
}) {
  const { note } = form.getFieldset();
  return (
    <Card aria-labelledby="preview-title" className="xl:sticky xl:top-24">
      <CardHeader id="preview-title" title="Preview" note="before anything is saved" />
      <CardBody className="grid grid-cols-[minmax(0,1fr)] gap-4">
        {preview === undefined ? (
          <p className="text-text-2">
            Change what you like, then see what it would have done to the last 7 days: every decision is made
            again with your settings. Saving comes after that.
          </p>
        ) : (
          <>
            {preview.isSecond ? (
              <Callout tone="warning" role="alert">
                The settings changed after they were previewed, so nothing is saved yet. This is what the
                changed ones would have done.
              </Callout>
            ) : null}
            <ReplayResult replay={preview.replay} period="the last 7 days" />
            <input type="hidden" name="previewed" value={preview.digest} />
            <Field
              id={note.id}
              label="Why"
              optional
              hint="For those who read the versions later."
              errors={fieldErrors("It", note.errors)}
            >
              {(control) => (
                <Input
                  key={note.key}
                  {...control}
                  name={note.name}
                  defaultValue={note.initialValue}
                  maxLength={200}
                  autoComplete="off"
                />
              )}
            </Field>
          </>
        )}
      </CardBody>
      <CardFooter>
        <ButtonLink to={path} reloadDocument prefetch="none" variant="ghost">
          Discard
        </ButtonLink>
        <SubmitButton
          name="intent"
          value="preview"
          variant={preview === undefined ? "primary" : "secondary"}
          match={{ intent: "preview" }}
        >
          <Eye />
          {preview === undefined ? "Preview" : "Preview again"}
        </SubmitButton>
        {preview === undefined ? null : (
          <SubmitButton name="intent" value="save" variant="primary" match={{ intent: "save" }}>
            <Save />
            Save as version {view.version + 1}
          </SubmitButton>
        )}
      </CardFooter>
    </Card>
  );
}
