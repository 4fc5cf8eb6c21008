import { StoredForm } from "~/components/form/stored-form";
import { Card, CardBody, CardHeader } from "~/components/ui/card";
import { CopyButton } from "~/components/ui/copy-button";

/** Ten recovery codes, in the only response that ever has them. */
export function RecoveryCodes({ codes }: { codes: readonly string[] }) {
  return (
    <Card className="border-border-strong">
      <CardHeader title="Your recovery codes" />
      <CardBody className="grid grid-cols-[minmax(0,1fr)] gap-4">
        <p>
          Each signs you in once without the phone. Store them where you keep your passwords: they are shown
          here once, and <b>nobody can show them again</b>.
        </p>
        <ol className="grid grid-cols-2 gap-x-6 gap-y-1 rounded-md border border-border-control bg-surface-sunken px-3 py-2 font-mono max-sm:grid-cols-1">
          {codes.map((code) => (
            <li key={code} className="select-all">
              {code}
            </li>
          ))}
        </ol>
        <span className="noscript:hidden">
          <CopyButton
            text={codes.join("\n")}
            what="recovery codes"
            label="Copy"
            variant="primary"
            autoFocus
          />
        </span>
        <StoredForm label="I have stored them" leaveTo="/account/security" />
      </CardBody>
      <span role="status" className="sr-only">
        Your recovery codes are shown once.
      </span>
    </Card>
  );
}
