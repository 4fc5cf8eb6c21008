import { Callout } from "~/components/ui/callout";
import { TextLink } from "~/components/ui/text-link";

/** Says above every page of an application that its keys are refused. */
export function ScopeNotice({
  application,
}: {
  application: { id: string; name: string; isEnabled: boolean; isArchived: boolean };
}) {
  if (application.isArchived) {
    return (
      <Callout tone="info" className="mb-4">
        <p>{application.name} is archived: its keys are refused, and what you see here is its history.</p>
      </Callout>
    );
  }
  if (application.isEnabled) return null;
  return (
    <Callout tone="warning" className="mb-4">
      <p>
        {application.name} is disabled: its API keys are refused.{" "}
        <TextLink inline to={`/applications/${application.id}`}>
          Change it in its settings
        </TextLink>
        .
      </p>
    </Callout>
  );
}
