import type { SubmissionResult } from "@conform-to/react";
import { ButtonLink } from "~/components/ui/button";
import { Callout } from "~/components/ui/callout";
import { Card, CardBody } from "~/components/ui/card";
import { PageHeader } from "~/components/ui/page-header";
import { ApplicationForm } from "./application-form";

export type NewApplicationPageProps = {
  lastResult: SubmissionResult<string[]> | undefined;
  /** The merchant has no application yet. */
  isFirst: boolean;
  mayCreate: boolean;
};

/** A name is all that an application needs. */
export function NewApplicationPage({ lastResult, isFirst, mayCreate }: NewApplicationPageProps) {
  return (
    <>
      <PageHeader
        title={isFirst ? "Create your first application" : "New application"}
        description="It can take test payments at once: simulated providers come with it. Live payments need a connection to a real provider."
      />
      {mayCreate ? (
        <Card>
          <CardBody>
            <ApplicationForm lastResult={lastResult} submitLabel="Create application">
              <ButtonLink to="/applications">Cancel</ButtonLink>
            </ApplicationForm>
          </CardBody>
        </Card>
      ) : (
        <Callout title="Your role does not allow this">
          <p>An owner, admin or developer can create applications.</p>
        </Callout>
      )}
    </>
  );
}
