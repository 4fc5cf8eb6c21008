import { getFormProps, type SubmissionResult, useForm } from "@conform-to/react";
import { Form } from "@remix-run/react";
import { fieldErrors } from "~/components/form/field-errors";
import { FormProblem } from "~/components/form/form-problem";
import { PageConfirm } from "~/components/form/page-dialog";
import { HiddenFields, SubmitButton } from "~/components/form/submit-button";
import { useFormValidation } from "~/components/form/use-form-validation";
import { Badge } from "~/components/ui/badge";
import { ButtonLink } from "~/components/ui/button";
import { Callout } from "~/components/ui/callout";
import { Card, CardBody, CardHeader } from "~/components/ui/card";
import { Field } from "~/components/ui/field";
import { ShieldCheck, ShieldOff } from "~/components/ui/icons";
import { PasswordInput } from "~/components/ui/password-input";
import { Time } from "~/components/ui/time";
import type { SecurityView } from "./account.presenter.server";
import { AccountHeader } from "./account-shell";
import { IdentityField } from "./identity-field";
import { NewPasswordField, UsernameForManagers } from "./new-password-field";
import { RecoveryCodes } from "./recovery-codes";
import { SignInsCard } from "./sign-ins-card";

const loadSchema = () => import("~/contracts/auth").then(({ passwordChangeSchema }) => passwordChangeSchema);

type Reply = SubmissionResult<string[]> | undefined;

export type SecurityPageProps = {
  security: SecurityView;
  /** The question that the URL asks. */
  ask: "disable-two-factor" | "recovery-codes" | "sign-out-everywhere" | null;
  result: { reply?: Reply; proof?: string[]; problem?: string; recoveryCodes?: string[] };
};

const HERE = "/account/security";

/** Password, two-factor, and where one is signed in. */
export function SecurityPage({ security, ask, result }: SecurityPageProps) {
  return (
    <>
      <AccountHeader email={security.email} />
      {result.problem ? (
        <Callout tone="danger" role="alert" className="mb-4">
          {result.problem}
        </Callout>
      ) : null}
      <div className="grid max-w-[720px] gap-4">
        {result.recoveryCodes ? <RecoveryCodes codes={result.recoveryCodes} /> : null}
        <PasswordCard security={security} lastResult={result.reply} />
        <TwoFactorCard security={security} />
        <SignInsCard security={security} here={HERE} />
      </div>
      {result.recoveryCodes ? null : <Questions security={security} ask={ask} />}
    </>
  );
}

function PasswordCard({ security, lastResult }: { security: SecurityView; lastResult: Reply }) {
  const onValidate = useFormValidation("password", loadSchema, "intent");
  const [form, fields] = useForm({
    id: "password",
    lastResult,
    shouldValidate: "onSubmit",
    shouldRevalidate: "onInput",
    onValidate,
  });
  return (
    <Card>
      <CardHeader
        title="Password"
        note={
          <>
            changed <Time iso={security.passwordChangedAt} />
          </>
        }
      />
      <CardBody>
        <Form method="post" {...getFormProps(form)} className="grid gap-4" preventScrollReset>
          <HiddenFields values={{ intent: "password" }} />
          <UsernameForManagers email={security.email} />
          <FormProblem problem={form.errors?.join(" ")} />
          <Field
            id={fields.currentPassword.id}
            label="Password now"
            errors={fieldErrors("Password", fields.currentPassword.errors)}
          >
            {(control) => (
              <PasswordInput
                {...control}
                name={fields.currentPassword.name}
                autoComplete="current-password"
              />
            )}
          </Field>
          <NewPasswordField
            id={fields.password.id}
            name={fields.password.name}
            errors={fields.password.errors}
          />
          <p className="text-sm text-text-2">
            This browser stays signed in; every other one, and every program that signed in as you, is signed
            out.
          </p>
          <div>
            <SubmitButton match={{ intent: "password" }}>Change password</SubmitButton>
          </div>
        </Form>
      </CardBody>
    </Card>
  );
}

function TwoFactorCard({ security: { twoFactor } }: { security: SecurityView }) {
  return (
    <Card>
      <CardHeader
        title="Two-factor"
        actions={
          twoFactor ? (
            <Badge tone="success" icon={<ShieldCheck />}>
              On
            </Badge>
          ) : (
            <Badge tone="warning" icon={<ShieldOff />}>
              Off
            </Badge>
          )
        }
      />
      <CardBody className="grid gap-4">
        {twoFactor ? (
          <>
            <p className="text-text-2">
              On since <Time iso={twoFactor.since} show="absolute" />: signing in also asks for a code of your
              authenticator app.
            </p>
            <p className={twoFactor.recoveryCodes < 3 ? "text-warning" : "text-text-2"}>
              {twoFactor.recoveryCodes === 0
                ? "No recovery code is left: make new ones, or a lost phone locks you out."
                : `${twoFactor.recoveryCodes} recovery ${twoFactor.recoveryCodes === 1 ? "code is" : "codes are"} left, for a lost phone.`}
            </p>
            <div className="flex flex-wrap gap-2">
              <ButtonLink to={`${HERE}?ask=recovery-codes`} preventScrollReset prefetch="none">
                New recovery codes
              </ButtonLink>
              <ButtonLink
                to={`${HERE}?ask=disable-two-factor`}
                variant="danger-quiet"
                preventScrollReset
                prefetch="none"
              >
                Turn off
              </ButtonLink>
            </div>
          </>
        ) : (
          <>
            <p className="text-text-2">
              With it a stolen password is not enough: signing in also asks for a code of an authenticator app
              on your phone.
            </p>
            <Form method="post" action="/account/two-factor" className="grid gap-4">
              <HiddenFields values={{ intent: "start" }} />
              <div>
                <SubmitButton match={{ intent: "start" }}>Set up two-factor</SubmitButton>
              </div>
            </Form>
          </>
        )}
      </CardBody>
    </Card>
  );
}

/** The dialogs of `?ask=`. */
function Questions({ security, ask }: Pick<SecurityPageProps, "security" | "ask">) {
  const isOn = security.twoFactor !== null;
  if (ask === null || (!isOn && ask !== "sign-out-everywhere")) return null;
  const { title, label, text, variant } = {
    "disable-two-factor": {
      title: "Turn two-factor off?",
      label: "Turn off",
      text: "Signing in then asks for the password alone, and your recovery codes stop working.",
      variant: "danger",
    },
    "recovery-codes": {
      title: "Make new recovery codes?",
      label: "Make new codes",
      text: "Ten new ones are shown once. Those that you have stop working.",
      variant: "primary",
    },
    "sign-out-everywhere": {
      title: "Sign out everywhere?",
      label: "Sign out everywhere",
      text: "Every browser, this one too, and every program that signed in as you through the API is signed out at once.",
      variant: "danger",
    },
  }[ask] as { title: string; label: string; text: string; variant: "danger" | "primary" };
  return (
    <PageConfirm
      title={title}
      description={text}
      closeTo={HERE}
      submit={
        <SubmitButton form="security-question" variant={variant} match={{ intent: ask }}>
          {label}
        </SubmitButton>
      }
    >
      <Form method="post" id="security-question" preventScrollReset>
        <HiddenFields values={{ intent: ask }} />
        {ask === "sign-out-everywhere" ? null : <IdentityField />}
      </Form>
    </PageConfirm>
  );
}
