import { getFormProps, getInputProps, type SubmissionResult, useForm } from "@conform-to/react";
import { Form } from "@remix-run/react";
import type { ReactNode } from "react";
import { fieldErrors } from "~/components/form/field-errors";
import { FormProblem } from "~/components/form/form-problem";
import { PageDialog } from "~/components/form/page-dialog";
import { HiddenFields, SubmitButton } from "~/components/form/submit-button";
import { useFormValidation } from "~/components/form/use-form-validation";
import { Checkbox } from "~/components/ui/checkbox";
import { Field } from "~/components/ui/field";
import { FieldError } from "~/components/ui/field-error";
import { Webhook } from "~/components/ui/icons";
import { Input } from "~/components/ui/input";
import { defaultSubscription, sessionEventTypes } from "~/contracts/words";
import { IdentityField } from "~/features/users/identity-field";
import { eventMeanings } from "./event-names";

export type EndpointDialogProps = {
  title: string;
  description: ReactNode;
  closeTo: string;
  /** Posted with the form: intent, and what tells one form from another. */
  hidden: Readonly<Record<string, string>>;
  submitLabel: string;
  defaults?: { url: string; subscribedEvents: readonly string[] };
  mode: "test" | "live";
  allowsLocal: boolean;
  lastResult: SubmissionResult<string[]> | undefined;
  /** It makes a secret. */
  makesSecret?: boolean;
};

const loadSchema = () => import("./webhook-form-schema").then(({ webhookFormSchema }) => webhookFormSchema);

/** What URLs an endpoint of this mode may have (api.md §4). */
function endpointUrlHint(mode: "test" | "live", allowsLocal: boolean): string {
  return mode === "test" && allowsLocal
    ? "https, or http://localhost. Events are sent by POST; answer 2xx within 15 seconds."
    : "https only. Events are sent by POST; answer 2xx within 15 seconds.";
}

/** URL and events of an endpoint, new or changed. */
export function EndpointDialog(props: EndpointDialogProps) {
  const { title, description, closeTo, hidden, submitLabel, defaults, lastResult, makesSecret } = props;
  const onValidate = useFormValidation("endpoint", loadSchema, `${Object.keys(hidden).join(" ")} proof`);
  const [form, fields] = useForm({
    id: "endpoint",
    lastResult,
    defaultValue: { url: defaults?.url, subscribedEvents: defaults?.subscribedEvents ?? defaultSubscription },
    shouldValidate: "onSubmit",
    shouldRevalidate: "onInput",
    onValidate,
  });
  const initial = fields.subscribedEvents.initialValue;
  const chosen = new Set([initial].flat().map(String));
  const eventsError = fieldErrors("Events", fields.subscribedEvents.errors);
  return (
    <PageDialog
      title={title}
      icon={<Webhook />}
      description={description}
      closeTo={closeTo}
      submit={
        <SubmitButton form={form.id} variant="primary" match={{ intent: hidden.intent ?? "" }}>
          {submitLabel}
        </SubmitButton>
      }
    >
      <Form method="post" {...getFormProps(form)} className="grid gap-4">
        <HiddenFields values={hidden} />
        <FormProblem problem={form.errors?.join(" ")} />
        <Field
          id={fields.url.id}
          label="URL"
          hint={endpointUrlHint(props.mode, props.allowsLocal)}
          errors={fieldErrors("URL", fields.url.errors)}
        >
          {(control) => (
            <Input
              {...getInputProps(fields.url, { type: "url" })}
              {...control}
              key={fields.url.key}
              maxLength={2048}
              autoComplete="off"
              spellCheck={false}
              autoFocus
              placeholder="https://shop.example/webhooks/kadosei"
            />
          )}
        </Field>
        <fieldset aria-describedby={eventsError ? `${fields.subscribedEvents.id}-error` : undefined}>
          <legend className="mb-1 font-medium">Events</legend>
          <div className="grid gap-2">
            {sessionEventTypes.map((type) => (
              <Checkbox
                key={type}
                name={fields.subscribedEvents.name}
                value={type}
                defaultChecked={chosen.has(type)}
                label={<code>{type}</code>}
                hint={eventMeanings[type]}
              />
            ))}
          </div>
          <FieldError id={`${fields.subscribedEvents.id}-error`} errors={eventsError} />
        </fieldset>
        {makesSecret ? <IdentityField /> : null}
      </Form>
    </PageDialog>
  );
}
