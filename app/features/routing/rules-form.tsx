import { getFormProps, type SubmissionResult, useForm } from "@conform-to/react";
import { Form } from "@remix-run/react";
import { type ReactNode, useCallback } from "react";
import { fieldErrors } from "~/components/form/field-errors";
import { useFormValidation } from "~/components/form/use-form-validation";
import { ButtonLink } from "~/components/ui/button";
import { Callout } from "~/components/ui/callout";
import { Card, CardBody, CardHeader } from "~/components/ui/card";
import { cn } from "~/components/ui/cn";
import type { RulesView } from "./rules.presenter.server";
import {
  ConnectionOrder,
  ConnectionSelect,
  CurrencySelect,
  MethodSelect,
  type RuleChoices,
  RuleList,
  type RulesForm as RulesFormMetadata,
  RuleText,
  SplitShares,
} from "./rules-form-parts";
import type { RulesFormFields } from "./rules-form-schema";
import { WeightInput } from "./rules-weights";

export type RulesFormProps = {
  view: RulesView;
  mayWrite: boolean;
  lastResult: SubmissionResult<string[]> | undefined;
  /** What was previewed just now, which without JavaScript the page would forget. */
  draft: RulesFormFields | undefined;
  /** Beside the form: the preview and the button that saves, inside the same form. */
  children: (form: RulesFormMetadata) => ReactNode;
};

export const RULES_FORM = "routing-rules";

/** Weights and every kind of rule, in one form. */
export function RulesForm({ view, mayWrite, lastResult, draft, children }: RulesFormProps) {
  const loadSchema = useCallback(async () => {
    const { rulesFormSchema } = await import("./rules-form-schema");
    return rulesFormSchema(new Set(view.connections.map(({ id }) => id)));
  }, [view.connections]);
  // Checked here, made into values on the server.
  const onValidate = useFormValidation(RULES_FORM, loadSchema, "intent previewed") as never;
  const [form, fields] = useForm<RulesFormFields>({
    id: RULES_FORM,
    lastResult: lastResult as SubmissionResult<string[]> | undefined,
    defaultValue: draft ?? view.fields,
    shouldValidate: "onSubmit",
    shouldRevalidate: "onInput",
    onValidate,
  });
  // Not the newest one, which the page knows after a refused save: the form was filled in on this one.
  const seen = fields.version.initialValue ?? String(view.version);
  const choices: RuleChoices = { connections: view.connections, currencies: view.currencies, mayWrite };
  return (
    <Form method="post" preventScrollReset {...getFormProps(form)} noValidate>
      {/* What Enter in a field presses: the first button of a form. */}
      <button type="submit" name="intent" value="preview" tabIndex={-1} aria-hidden className="sr-only">
        Preview
      </button>
      <input type="hidden" name={fields.version.name} value={seen} />
      <div
        className={cn(
          "grid grid-cols-[minmax(0,1fr)] items-start gap-4",
          mayWrite && "xl:grid-cols-[minmax(0,1fr)_420px]",
        )}
      >
        <fieldset disabled={!mayWrite} className="grid min-w-0 grid-cols-[minmax(0,1fr)] gap-4">
          <legend className="sr-only">Routing settings</legend>
          {form.errors ? (
            <Callout
              tone="danger"
              role="alert"
              actions={
                seen === String(view.version) ? null : (
                  <ButtonLink to="." reloadDocument prefetch="none">
                    Discard, and load version {view.version}
                  </ButtonLink>
                )
              }
            >
              {form.errors.join(" ")}
            </Callout>
          ) : null}
          <Weights fields={fields} view={view} />
          <Rules form={form} fields={fields} choices={choices} />
        </fieldset>
        {children(form)}
      </div>
    </Form>
  );
}

type Fields = ReturnType<RulesFormMetadata["getFieldset"]>;

function Weights({ fields, view }: { fields: Fields; view: RulesView }) {
  const weights = fields.weights.getFieldset();
  const kinds = [
    { name: "cost", label: "Cost", min: 0, max: 10, hint: "Raise it to prefer lower fees." },
    { name: "speed", label: "Speed", min: 0, max: 10, hint: "Raise it to prefer faster checkouts." },
    {
      name: "margin",
      label: "Margin",
      min: 0.01,
      max: 1,
      hint: "What a sale earns you, as a share of its amount. Lower it, and each fee counts for more.",
    },
  ] as const;
  return (
    <Card aria-labelledby="weights-title">
      <CardHeader
        id="weights-title"
        title="Weights"
        note="how the engine scores what rules leave; success rate and availability always count in full"
      />
      <CardBody className="grid items-start gap-x-6 gap-y-4 md:grid-cols-3">
        {kinds.map(({ name, label, ...rest }) => (
          <WeightInput
            key={weights[name].key}
            id={weights[name].id}
            name={weights[name].name}
            label={label}
            defaultValue={weights[name].initialValue ?? ""}
            current={view.fields.weights[name]}
            errors={fieldErrors(label, weights[name].errors)}
            {...rest}
          />
        ))}
      </CardBody>
    </Card>
  );
}

const row = "grid items-start gap-3 sm:grid-cols-2 lg:grid-cols-4";

/** In the order in which they act. */
function Rules({ form, fields, choices }: { form: RulesFormMetadata; fields: Fields; choices: RuleChoices }) {
  const { pins, splits, priorities, limits, exclusions } = fields.rules.getFieldset();
  const [first] = choices.connections;
  const connectionId = first?.id ?? "";
  const currency = choices.currencies[0] ?? "";
  const everything = { paymentMethod: "", currency: "" };
  return (
    <>
      <RuleList
        form={form}
        list={exclusions}
        title="Exclusions"
        note="never, whatever the score"
        what="exclusion"
        empty="No provider is excluded from anything that it can take."
        newRule={{ connectionId, ...everything, country: "" }}
        choices={choices}
      >
        {(rule) => {
          const of = rule.getFieldset();
          return (
            <div className={row}>
              <ConnectionSelect field={of.connectionId} choices={choices} />
              <MethodSelect field={of.paymentMethod} />
              <CurrencySelect field={of.currency} choices={choices} any="Every currency" />
              <RuleText
                field={of.country}
                label="Customer’s country"
                placeholder="Every; or AU"
                maxLength={2}
              />
            </div>
          );
        }}
      </RuleList>
      <RuleList
        form={form}
        list={limits}
        title="Amount limits"
        note="no session below or above"
        what="amount limit"
        empty="Every provider gets every amount."
        newRule={{ connectionId, currency, min: "", max: "" }}
        choices={choices}
      >
        {(rule) => {
          const of = rule.getFieldset();
          return (
            <div className={row}>
              <ConnectionSelect field={of.connectionId} choices={choices} />
              <CurrencySelect field={of.currency} choices={choices} />
              <RuleText field={of.min} label="From" inputMode="decimal" placeholder="No minimum" />
              <RuleText field={of.max} label="Up to" inputMode="decimal" placeholder="No maximum" />
            </div>
          );
        }}
      </RuleList>
      <RuleList
        form={form}
        list={pins}
        title="Pins"
        note="first, for sessions that say so in additionalInformation"
        what="pin"
        empty="No session can ask for a provider."
        newRule={{ key: "", value: "", connectionId }}
        choices={choices}
      >
        {(rule) => {
          const of = rule.getFieldset();
          return (
            <div className="grid items-start gap-3 sm:grid-cols-3">
              <RuleText field={of.key} label="Key" placeholder="channel" maxLength={255} />
              <RuleText field={of.value} label="Value" placeholder="in_store" maxLength={500} />
              <ConnectionSelect field={of.connectionId} choices={choices} label="Goes first to" />
            </div>
          );
        }}
      </RuleList>
      <RuleList
        form={form}
        list={splits}
        title="Percentage splits"
        note="the first that matches; each session is drawn by its id"
        what="split"
        empty="No traffic is split by percentages."
        newRule={{
          ...everything,
          shares: choices.connections.map(({ id }) => ({ connectionId: id, percent: "" })),
        }}
        choices={choices}
      >
        {(rule) => {
          const of = rule.getFieldset();
          return (
            <>
              <div className="grid items-start gap-3 sm:grid-cols-2">
                <MethodSelect field={of.paymentMethod} />
                <CurrencySelect field={of.currency} choices={choices} any="Every currency" />
              </div>
              <SplitShares list={of.shares} choices={choices} />
            </>
          );
        }}
      </RuleList>
      <RuleList
        form={form}
        list={priorities}
        title="Priority lists"
        note="the first that matches, before every other provider"
        what="priority list"
        empty="The engine orders all providers by score."
        newRule={{
          ...everything,
          minAmount: "",
          connectionIds: choices.connections.map(({ id }) => id),
        }}
        choices={choices}
      >
        {(rule, what) => {
          const of = rule.getFieldset();
          return (
            <>
              <div className="grid items-start gap-3 sm:grid-cols-3">
                <MethodSelect field={of.paymentMethod} />
                <CurrencySelect field={of.currency} choices={choices} any="Every currency" />
                <RuleText
                  field={of.minAmount}
                  label="From amount"
                  inputMode="decimal"
                  placeholder="Any amount"
                />
              </div>
              <ConnectionOrder form={form} list={of.connectionIds} choices={choices} what={what} />
            </>
          );
        }}
      </RuleList>
    </>
  );
}
