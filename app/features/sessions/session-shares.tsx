import { Form } from "@remix-run/react";
import { PageDialog } from "~/components/form/page-dialog";
import { ShowOnce } from "~/components/form/show-once";
import { HiddenFields, SubmitButton } from "~/components/form/submit-button";
import { Button, buttonVariants } from "~/components/ui/button";
import { Callout } from "~/components/ui/callout";
import { Card, CardBody, CardHeader } from "~/components/ui/card";
import { ConfirmDialog } from "~/components/ui/confirm-dialog";
import { Field } from "~/components/ui/field";
import { formatDateTime } from "~/components/ui/format-time";
import { Share2 } from "~/components/ui/icons";
import { Input } from "~/components/ui/input";
import { Select } from "~/components/ui/select";
import { Time, useTimeZone } from "~/components/ui/time";
import type { ShareLifetime } from "~/contracts/share-links";
import type { ShareView } from "./session-shares.presenter.server";

const LIFETIMES: { value: ShareLifetime; label: string }[] = [
  { value: "24h", label: "24 hours" },
  { value: "3d", label: "3 days" },
  { value: "7d", label: "7 days" },
  { value: "30d", label: "30 days" },
];

/** Asks for whom and how long; opened by `?share=1`. */
export function ShareDialog({
  providers,
  formId,
  closeTo,
  errors,
}: {
  providers: readonly string[];
  formId: string;
  closeTo: string;
  errors: readonly string[];
}) {
  return (
    <PageDialog
      title="Share with a provider’s support desk"
      icon={<Share2 />}
      description="Whoever has the link sees this session without a sign-in: its attempts at that provider, its notices and its course. The customer’s data is masked, and nothing of other providers, routing, notes or your servers is shown."
      closeTo={closeTo}
      submit={
        <SubmitButton form="share" variant="primary" match={{ intent: "share" }}>
          Make link
        </SubmitButton>
      }
    >
      <Form id="share" method="post" className="grid gap-4">
        <HiddenFields values={{ intent: "share", formId }} />
        {errors.length > 0 ? (
          <Callout tone="danger" role="alert">
            {errors.join(" ")}
          </Callout>
        ) : null}
        <div className="grid gap-4 sm:grid-cols-2">
          <Field id="share-provider" label="Provider">
            {(control) => (
              <Select {...control} name="provider" defaultValue={providers.at(-1)}>
                {providers.map((provider) => (
                  <option key={provider} value={provider}>
                    {provider}
                  </option>
                ))}
              </Select>
            )}
          </Field>
          <Field id="share-lifetime" label="Works for">
            {(control) => (
              <Select {...control} name="lifetime" defaultValue="7d">
                {LIFETIMES.map(({ value, label }) => (
                  <option key={value} value={value}>
                    {label}
                  </option>
                ))}
              </Select>
            )}
          </Field>
        </div>
        <Field
          id="share-label"
          label="What for"
          optional
          hint="For your team and the audit log; the provider does not see it."
        >
          {(control) => (
            <Input
              {...control}
              name="label"
              maxLength={100}
              autoComplete="off"
              placeholder="Support case 4711"
            />
          )}
        </Field>
      </Form>
    </PageDialog>
  );
}

/** A link that was just made: in this response only. */
export interface MadeShareLink {
  url: string;
  provider: string;
  label: string | null;
  expiresAt: string;
}

export function MadeLinkDialog({ link, closeTo }: { link: MadeShareLink; closeTo: string }) {
  const timeZone = useTimeZone();
  return (
    <ShowOnce
      title="The link is made"
      icon={<Share2 />}
      description="Send it to the support desk. It is shown this once, because only its fingerprint is kept; another can be made at any time."
      label={link.label ? `For ${link.provider}, ${link.label}` : `For ${link.provider}`}
      what="share link"
      secret={link.url}
      note={`Works until ${formatDateTime(new Date(link.expiresAt), timeZone)}, or until you revoke it.`}
      closeTo={closeTo}
    />
  );
}

/** The links that still work, how often they were opened, and a way to end each. */
export function SharesCard({ shares, canRevoke }: { shares: readonly ShareView[]; canRevoke: boolean }) {
  if (shares.length === 0) return null;
  return (
    <Card aria-labelledby="shares">
      <CardHeader title="Shared outside" id="shares" />
      <CardBody>
        <ul className="grid gap-3">
          {shares.map((share) => {
            const fields = { intent: "revoke-share", id: share.id };
            return (
              <li key={share.id} className="flex items-start gap-2">
                <div className="min-w-0 flex-1 text-text-2">
                  <p className="font-medium break-words text-text">
                    {share.provider}
                    {share.label ? `, ${share.label}` : null}
                  </p>
                  <p className="text-sm">
                    By {share.by}, ends <Time iso={share.expiresAt} />
                  </p>
                  <p className="text-sm">
                    {share.views === 0
                      ? "Not opened yet"
                      : `Opened ${share.views === 1 ? "once" : `${share.views} times`}`}
                    {share.lastViewedAt ? (
                      <>
                        , last <Time iso={share.lastViewedAt} />
                      </>
                    ) : null}
                  </p>
                </div>
                {canRevoke ? (
                  <>
                    <ConfirmDialog
                      trigger={
                        <Button
                          variant="danger-quiet"
                          size="sm"
                          aria-label={`Revoke the link for ${share.provider}`}
                          className="noscript:hidden"
                        >
                          Revoke
                        </Button>
                      }
                      title={`Revoke the link for ${share.provider}?`}
                      description="It stops working at once for everybody who has it. It cannot be turned on again."
                      confirmLabel="Revoke link"
                      fields={fields}
                    />
                    <noscript>
                      <form method="post">
                        <HiddenFields values={fields} />
                        <button
                          type="submit"
                          className={buttonVariants({ variant: "danger-quiet", size: "sm" })}
                        >
                          Revoke
                        </button>
                      </form>
                    </noscript>
                  </>
                ) : null}
              </li>
            );
          })}
        </ul>
      </CardBody>
    </Card>
  );
}
