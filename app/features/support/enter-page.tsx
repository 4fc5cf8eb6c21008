import { getFormProps, type SubmissionResult, useForm } from "@conform-to/react";
import { Form } from "@remix-run/react";
import { fieldErrors } from "~/components/form/field-errors";
import { FormProblem } from "~/components/form/form-problem";
import { HiddenFields, SubmitButton } from "~/components/form/submit-button";
import { useFormValidation } from "~/components/form/use-form-validation";
import { Breadcrumbs } from "~/components/ui/breadcrumbs";
import { ButtonLink } from "~/components/ui/button";
import { Card, CardBody, CardFooter } from "~/components/ui/card";
import { Field } from "~/components/ui/field";
import { PageHeader } from "~/components/ui/page-header";
import { Textarea } from "~/components/ui/textarea";

const loadSchema = () => import("~/contracts/support").then(({ supportReasonSchema }) => supportReasonSchema);

/** Asks why, before a merchant's pages open. */
export function EnterPage({
  merchant,
  to,
  lastResult,
}: {
  merchant: { name: string };
  /** Where the visit starts. */
  to: string;
  lastResult: SubmissionResult<string[]> | undefined;
}) {
  const onValidate = useFormValidation("enter", loadSchema, "returnTo");
  const [form, fields] = useForm({
    id: "enter",
    lastResult,
    shouldValidate: "onSubmit",
    shouldRevalidate: "onInput",
    onValidate,
  });
  return (
    <>
      <PageHeader
        above={
          <Breadcrumbs items={[{ label: "Support console", to: "/support" }, { label: merchant.name }]} />
        }
        title={`Enter ${merchant.name}`}
        description="For one hour, to look. Nothing can be changed or sent from here."
      />
      <Card className="max-w-[640px]">
        <Form method="post" {...getFormProps(form)}>
          <CardBody className="grid gap-4">
            <HiddenFields values={{ returnTo: to }} />
            <FormProblem problem={form.errors?.join(" ")} />
            <Field
              id={fields.reason.id}
              label="Reason"
              hint={`${merchant.name} reads it in its audit log, with every page that you look at. Name the request, not the customer.`}
              errors={fieldErrors("The reason", fields.reason.errors)}
            >
              {(control) => (
                <Textarea
                  {...control}
                  key={fields.reason.key}
                  name={fields.reason.name}
                  defaultValue={fields.reason.initialValue}
                  maxLength={300}
                  autoFocus
                  placeholder="Ticket 4711: a payment failed and the shop asks why"
                />
              )}
            </Field>
          </CardBody>
          <CardFooter>
            <ButtonLink to="/support">Cancel</ButtonLink>
            <SubmitButton variant="primary">Enter</SubmitButton>
          </CardFooter>
        </Form>
      </Card>
    </>
  );
}
