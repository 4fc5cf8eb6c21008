import { Form } from "@remix-run/react";
import { PageConfirm } from "~/components/form/page-dialog";
import { HiddenFields, SubmitButton } from "~/components/form/submit-button";
import type { RulesView } from "./rules.presenter.server";

/** Asks before an earlier version counts again. */
export function RevertQuestion({
  reverting,
  version,
  path,
}: {
  reverting: NonNullable<RulesView["reverting"]>;
  /** The one that counts now. */
  version: number;
  path: string;
}) {
  const match = { intent: "revert", to: String(reverting.version) };
  return (
    <PageConfirm
      title={`Revert to version ${reverting.version}?`}
      description={
        <>
          <p>
            Its settings count again from then on, as version {version + 1}. Nothing is lost: every version
            stays in the list.
          </p>
          <p className="mt-2">
            {reverting.changes.length === 0
              ? "They are the same as those that count now."
              : `This changes: ${reverting.changes.join("; ")}.`}
          </p>
        </>
      }
      closeTo={path}
      submit={
        <SubmitButton form="revert-routing" variant="danger" match={match}>
          Revert
        </SubmitButton>
      }
    >
      <Form method="post" action={path} id="revert-routing" preventScrollReset>
        <HiddenFields values={{ ...match, version: String(version) }} />
      </Form>
    </PageConfirm>
  );
}
