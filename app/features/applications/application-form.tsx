import {
  getFormProps,
  getInputProps,
  getTextareaProps,
  type SubmissionResult,
  useForm,
} from "@conform-to/react";
import { Form } from "@remix-run/react";
import type { ReactNode } from "react";
import { fieldErrors } from "~/components/form/field-errors";
import { FormProblem } from "~/components/form/form-problem";
import { HiddenFields, SubmitButton } from "~/components/form/submit-button";
import { useFormValidation } from "~/components/form/use-form-validation";
import { Field } from "~/components/ui/field";
import { Input } from "~/components/ui/input";
import { Textarea } from "~/components/ui/textarea";

export type ApplicationFormProps = {
  lastResult: SubmissionResult<string[]> | undefined;
  defaults?: { name: string; description: string | null };
  submitLabel: string;
  readOnly?: boolean;
  /** A second way out, as a link back. */
  children?: ReactNode;
};

const loadSchema = () =>
  import("~/contracts/applications").then(({ applicationCreateSchema }) => applicationCreateSchema);

/** Name and description. */
export function ApplicationForm({
  lastResult,
  defaults,
  submitLabel,
  readOnly,
  children,
}: ApplicationFormProps) {
  const onValidate = useFormValidation("application", loadSchema, "intent");
  const [form, fields] = useForm({
    id: "application",
    lastResult,
    defaultValue: defaults,
    shouldValidate: "onSubmit",
    shouldRevalidate: "onInput",
    onValidate,
  });
  return (
    <Form method="post" {...getFormProps(form)} className="grid max-w-[560px] gap-4">
      <HiddenFields values={{ intent: "save" }} />
      <FormProblem problem={form.errors?.join(" ")} />
      <Field id={fields.name.id} label="Name" errors={fieldErrors("Name", fields.name.errors)}>
        {(control) => (
          <Input
            {...getInputProps(fields.name, { type: "text" })}
            {...control}
            key={fields.name.key}
            readOnly={readOnly}
            maxLength={100}
            autoComplete="off"
            placeholder="Web shop"
          />
        )}
      </Field>
      <Field
        id={fields.description.id}
        label="Description"
        optional
        hint="For your team: what it is, and who looks after it."
        errors={fieldErrors("Description", fields.description.errors)}
      >
        {(control) => (
          <Textarea
            {...getTextareaProps(fields.description)}
            {...control}
            key={fields.description.key}
            readOnly={readOnly}
            maxLength={500}
          />
        )}
      </Field>
      {readOnly ? null : (
        <div className="flex flex-wrap gap-2">
          <SubmitButton variant="primary" match={{ intent: "save" }}>
            {submitLabel}
          </SubmitButton>
          {children}
        </div>
      )}
    </Form>
  );
}
