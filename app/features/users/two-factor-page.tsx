import { getFormProps, type SubmissionResult, useForm } from "@conform-to/react";
import { Form } from "@remix-run/react";
import { fieldErrors } from "~/components/form/field-errors";
import { FormProblem } from "~/components/form/form-problem";
import { HiddenFields, SubmitButton } from "~/components/form/submit-button";
import { useFormValidation } from "~/components/form/use-form-validation";
import { ButtonLink } from "~/components/ui/button";
import { Callout } from "~/components/ui/callout";
import { Card, CardBody, CardHeader } from "~/components/ui/card";
import { CopyButton } from "~/components/ui/copy-button";
import { Field } from "~/components/ui/field";
import { Input } from "~/components/ui/input";
import { PageHeader } from "~/components/ui/page-header";
import { IdentityField } from "./identity-field";
import { RecoveryCodes } from "./recovery-codes";

const loadSchema = () => import("~/contracts/auth").then(({ totpCodeSchema }) => totpCodeSchema);

export interface TwoFactorSetUp {
  /** An SVG picture as a data: address. */
  qr: string;
  /** Base32, for typing. */
  secret: string;
}

export type TwoFactorPageProps = {
  /** Null until the person proved who they are: the secret is not shown before. */
  setUp: TwoFactorSetUp | null;
  isOn: boolean;
  result: {
    reply?: SubmissionResult<string[]>;
    proof?: string[];
    problem?: string;
    recoveryCodes?: string[];
  };
};

/** Setting an authenticator app up: scan, type a code, store the recovery codes. */
export function TwoFactorPage({ setUp, isOn, result }: TwoFactorPageProps) {
  return (
    <>
      <PageHeader title={result.recoveryCodes ? "Two-factor is on" : "Set up two-factor"} />
      <div className="grid max-w-[560px] gap-4">
        <FormProblem problem={result.problem} />
        {result.recoveryCodes ? (
          <RecoveryCodes codes={result.recoveryCodes} />
        ) : isOn ? (
          <Callout tone="success" actions={<ButtonLink to="/account/security">Back</ButtonLink>}>
            Two-factor is on.
          </Callout>
        ) : setUp ? (
          <SetUp setUp={setUp} lastResult={result.reply} />
        ) : (
          <Card>
            <CardBody>
              <Form method="post" className="grid gap-4">
                <HiddenFields values={{ intent: "start" }} />
                <p>The next page shows a secret: confirm first that it is you.</p>
                <IdentityField />
                <div className="flex gap-2">
                  <SubmitButton variant="primary" match={{ intent: "start" }}>
                    Go on
                  </SubmitButton>
                  <ButtonLink to="/account/security">Cancel</ButtonLink>
                </div>
              </Form>
            </CardBody>
          </Card>
        )}
      </div>
    </>
  );
}

function SetUp({
  setUp,
  lastResult,
}: {
  setUp: TwoFactorSetUp;
  lastResult: TwoFactorPageProps["result"]["reply"];
}) {
  const onValidate = useFormValidation("two-factor", loadSchema, "intent proof");
  const [form, fields] = useForm({
    id: "two-factor",
    lastResult,
    shouldValidate: "onSubmit",
    shouldRevalidate: "onInput",
    onValidate,
  });
  const errors = [...(fieldErrors("Code", fields.code.errors) ?? []), ...(form.errors ?? [])];
  const spaced = setUp.secret.match(/.{1,4}/g)?.join(" ") ?? setUp.secret;
  return (
    <>
      <Card>
        <CardHeader title="1. Scan" />
        <CardBody className="grid grid-cols-[minmax(0,1fr)] gap-3">
          <p className="text-text-2">
            Open an authenticator app (Google Authenticator, 1Password, Aegis or any other) and scan this.
          </p>
          {/* Black on white in both themes: cameras want it so. */}
          <img
            src={setUp.qr}
            width={208}
            height={208}
            alt="QR code for your authenticator app"
            className="rounded-md p-2"
            style={{ background: "#fff" }}
          />
          <div>
            <p className="text-sm text-text-2">No camera? Type this secret into the app:</p>
            <p className="flex flex-wrap items-center gap-2">
              <code className="break-all select-all">{spaced}</code>
              <CopyButton text={setUp.secret} what="secret" />
            </p>
          </div>
        </CardBody>
      </Card>
      <Card>
        <CardHeader title="2. Type the code" />
        <CardBody>
          <Form method="post" {...getFormProps(form)} className="grid gap-4">
            <HiddenFields values={{ intent: "confirm" }} />
            <Field
              id={fields.code.id}
              label="Code"
              hint="The 6 digits that the app shows now. Every other browser that is signed in as you is signed out."
              errors={errors.length > 0 ? errors : undefined}
            >
              {(control) => (
                <Input
                  {...control}
                  key={fields.code.key}
                  name={fields.code.name}
                  inputMode="numeric"
                  autoComplete="one-time-code"
                  maxLength={16}
                  className="max-w-40 font-mono tracking-wider"
                />
              )}
            </Field>
            <IdentityField />
            <div className="flex gap-2">
              <SubmitButton variant="primary" match={{ intent: "confirm" }}>
                Turn two-factor on
              </SubmitButton>
              <ButtonLink to="/account/security">Cancel</ButtonLink>
            </div>
          </Form>
        </CardBody>
      </Card>
    </>
  );
}
