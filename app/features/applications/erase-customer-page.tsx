import type { SubmissionResult } from "@conform-to/react";
import { Form } from "@remix-run/react";
import { HiddenFields, SubmitButton } from "~/components/form/submit-button";
import { ButtonLink } from "~/components/ui/button";
import { Callout } from "~/components/ui/callout";
import { Card, CardBody, CardHeader } from "~/components/ui/card";
import { Field } from "~/components/ui/field";
import { Input } from "~/components/ui/input";
import { PageHeader } from "~/components/ui/page-header";

export interface EraseCustomerPageProps {
  mayErase: boolean;
  lastResult?: SubmissionResult<string[]> | undefined;
  /** What an erasure would find. */
  found?: { email: string; erasable: number; open: number };
  /** What an erasure did. */
  done?: { email: string; erased: number; open: number };
}

const sessions = (count: number) =>
  `${count.toLocaleString("en-AU")} payment session${count === 1 ? "" : "s"}`;

/** First what there is of the address, then the erasure itself. The address goes by POST only: an address bar remembers. */
export function EraseCustomerPage({ mayErase, lastResult, found, done }: EraseCustomerPageProps) {
  const given = found?.email ?? lastResult?.initialValue?.email;
  return (
    <>
      <PageHeader
        title="Erase a customer"
        description="Forgets one e-mail address in all applications, in test and live mode. The audit log says that it was done, with the address masked."
      />
      <div className="grid max-w-[640px] gap-4">
        {done ? (
          <Callout
            tone={done.open > 0 ? "warning" : "success"}
            role="status"
            title={`${sessions(done.erased)} erased`}
          >
            {done.open > 0
              ? `${sessions(done.open)} ${done.open === 1 ? "is" : "are"} not over and ${done.open === 1 ? "was" : "were"} left: erase again when ${done.open === 1 ? "it has" : "they have"} ended, in an hour at the most.`
              : `Nothing of ${done.email} is left.`}
          </Callout>
        ) : null}
        {mayErase ? (
          <Card>
            <CardHeader title="Whom" />
            <CardBody>
              <Form method="post" className="grid gap-4" replace>
                <HiddenFields values={{ intent: "find" }} />
                <Field
                  id="email"
                  label="E-mail address"
                  errors={lastResult?.error?.email ?? lastResult?.error?.[""] ?? null}
                >
                  {(control) => (
                    <Input
                      {...control}
                      name="email"
                      type="email"
                      autoComplete="off"
                      required
                      defaultValue={typeof given === "string" ? given : ""}
                    />
                  )}
                </Field>
                <div>
                  <SubmitButton variant="primary" match={{ intent: "find" }}>
                    Look for payment sessions
                  </SubmitButton>
                </div>
              </Form>
            </CardBody>
          </Card>
        ) : (
          <Callout tone="info">Owners and admins of your team can erase customer data.</Callout>
        )}
        {found ? (
          <Card>
            <CardHeader
              title={
                found.erasable + found.open === 0 ? "Nothing found" : `${sessions(found.erasable)} to erase`
              }
            />
            <CardBody className="grid gap-4">
              {found.erasable + found.open === 0 ? (
                <p className="text-text-2">
                  No payment session has the address {found.email}. It may have been erased before.
                </p>
              ) : (
                <>
                  <ul className="grid list-disc gap-1 pl-5 text-text-2">
                    <li>
                      Name, e-mail address, phone, addresses, card digits, description and your own values go,
                      also from notes, webhook bodies, API logs and what providers were sent.
                    </li>
                    <li>
                      Amounts, states, times, order references and countries stay, and so do all totals.
                    </li>
                    <li>The providers keep what they have: ask them as well.</li>
                    {found.open > 0 ? (
                      <li>
                        {sessions(found.open)} {found.open === 1 ? "is" : "are"} not over and will be left for
                        now.
                      </li>
                    ) : null}
                  </ul>
                  {found.erasable > 0 ? (
                    <Form method="post" className="grid gap-3" replace>
                      <HiddenFields values={{ intent: "erase", email: found.email }} />
                      <p className="font-medium">This cannot be undone.</p>
                      <div className="flex flex-wrap gap-2">
                        <SubmitButton variant="danger" match={{ intent: "erase" }}>
                          Erase for good
                        </SubmitButton>
                        <ButtonLink to="/applications/erase-customer">Cancel</ButtonLink>
                      </div>
                    </Form>
                  ) : null}
                </>
              )}
            </CardBody>
          </Card>
        ) : null}
      </div>
    </>
  );
}
