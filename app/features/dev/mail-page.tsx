import { Card, CardBody, CardHeader } from "~/components/ui/card";
import { EmptyState } from "~/components/ui/empty-state";
import { PageHeader } from "~/components/ui/page-header";
import { Time } from "~/components/ui/time";
import type { KeptMail } from "~/lib/mailer";

export type MailView = Pick<KeptMail, "id" | "to" | "subject" | "text" | "at">;

/** /dev/mail: what would have been sent, had SMTP_URL been set. */
export function MailPage({ mails, isSent }: { mails: readonly MailView[]; isSent: boolean }) {
  return (
    <main className="mx-auto grid max-w-[760px] gap-4 px-4 py-8 wrap-anywhere">
      <PageHeader title="Mail" description="What this process has not sent, because SMTP_URL is not set." />
      {mails.length === 0 ? (
        <Card>
          <EmptyState title={isSent ? "Mail is sent" : "No mail yet"}>
            {isSent
              ? "SMTP_URL is set: look in the mailbox."
              : "A mail appears here when a notice is raised: a key that expires soon, an endpoint that was turned off."}
          </EmptyState>
        </Card>
      ) : (
        mails.map((mail) => (
          <Card key={mail.id}>
            <CardHeader title={mail.subject} />
            <CardBody className="grid gap-3">
              <p className="text-text-2">
                To {mail.to}, <Time iso={mail.at} />
              </p>
              <pre className="rounded-lg bg-surface-sunken px-3 py-2 text-sm whitespace-pre-wrap">
                {mail.text}
              </pre>
            </CardBody>
          </Card>
        ))
      )}
    </main>
  );
}
