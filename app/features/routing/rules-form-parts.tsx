import type { FieldMetadata, FormMetadata } from "@conform-to/react";
import type { ReactNode } from "react";
import { fieldErrors } from "~/components/form/field-errors";
import { Button } from "~/components/ui/button";
import { Card, CardBody, CardHeader } from "~/components/ui/card";
import { Field } from "~/components/ui/field";
import { FieldError } from "~/components/ui/field-error";
import { IconButton } from "~/components/ui/icon-button";
import { ArrowDown, ArrowUp, Plus, Trash2 } from "~/components/ui/icons";
import { Input, type InputProps } from "~/components/ui/input";
import { Select } from "~/components/ui/select";
import { paymentMethods } from "~/contracts/words";
import { methodName } from "~/features/sessions/method";
import type { ConnectionChoice } from "./rules.presenter.server";
import type { RulesFormFields } from "./rules-form-schema";

export type RulesForm = FormMetadata<RulesFormFields, string[]>;
export type RuleField<Value> = FieldMetadata<Value, RulesFormFields, string[]>;
type TextField = RuleField<string>;

/** What the inputs of the form choose from, and whether they may be changed. */
export interface RuleChoices {
  connections: ConnectionChoice[];
  currencies: string[];
  mayWrite: boolean;
}

/** Moves an entry of a list up or down, or takes it out: form buttons, so they work without JavaScript. */
function RowButtons({
  form,
  name,
  index,
  count,
  what,
}: {
  form: RulesForm;
  name: string;
  index: number;
  count: number;
  /** "pin 2". */
  what: string;
}) {
  const move = (to: number) => form.reorder.getButtonProps({ name: name as never, from: index, to });
  return (
    <div className="flex shrink-0 items-center gap-0.5">
      <IconButton
        label={`Move ${what} up`}
        size="icon-sm"
        {...move(Math.max(0, index - 1))}
        type="submit"
        disabled={index === 0}
      >
        <ArrowUp />
      </IconButton>
      <IconButton
        label={`Move ${what} down`}
        size="icon-sm"
        {...move(Math.min(count - 1, index + 1))}
        type="submit"
        disabled={index === count - 1}
      >
        <ArrowDown />
      </IconButton>
      <IconButton
        label={`Remove ${what}`}
        size="icon-sm"
        {...form.remove.getButtonProps({ name: name as never, index })}
        type="submit"
      >
        <Trash2 />
      </IconButton>
    </div>
  );
}

/** One kind of rules: its rows in order, and a button that adds one. */
export function RuleList<Value>({
  form,
  list,
  title,
  note,
  what,
  empty,
  newRule,
  choices,
  children,
}: {
  form: RulesForm;
  list: RuleField<Value[]>;
  title: string;
  /** What this kind does, in a sentence. */
  note: string;
  /** "pin". */
  what: string;
  /** Said where there is none. */
  empty: string;
  newRule: Value;
  choices: RuleChoices;
  children: (row: RuleField<Value>, what: string) => ReactNode;
}) {
  const rows = list.getFieldList();
  return (
    <Card aria-labelledby={`${list.id}-title`}>
      <CardHeader
        id={`${list.id}-title`}
        title={title}
        note={note}
        actions={
          choices.mayWrite ? (
            <Button
              size="sm"
              type="submit"
              {...form.insert.getButtonProps({ name: list.name as never, defaultValue: newRule as never })}
            >
              <Plus />
              Add <span className="sr-only">a {what}</span>
            </Button>
          ) : null
        }
      />
      <CardBody>
        <FieldError id={`${list.id}-error`} errors={fieldErrors(title, list.errors)} />
        {rows.length === 0 ? <p className="text-text-3">{empty}</p> : null}
        <ol className="grid grid-cols-[minmax(0,1fr)] gap-3">
          {rows.map((row, index) => {
            const named = `${what} ${index + 1}`;
            return (
              <li key={row.key} className="rounded-lg border border-border p-3">
                <div className="mb-2 flex items-center justify-between gap-2">
                  <span className="text-sm font-medium text-text-3 first-letter:uppercase">{named}</span>
                  {choices.mayWrite ? (
                    <RowButtons form={form} name={list.name} index={index} count={rows.length} what={named} />
                  ) : null}
                </div>
                {children(row, named)}
                <FieldError id={`${row.id}-error`} errors={fieldErrors("It", row.errors)} />
              </li>
            );
          })}
        </ol>
      </CardBody>
    </Card>
  );
}

/** A text input of a rule. */
export function RuleText({
  field,
  label,
  className,
  ...rest
}: InputProps & { field: TextField; label: string }) {
  return (
    <Field id={field.id} label={label} errors={fieldErrors(label, field.errors)} className={className}>
      {(control) => (
        <Input
          key={field.key}
          {...control}
          name={field.name}
          defaultValue={field.initialValue}
          autoComplete="off"
          {...rest}
        />
      )}
    </Field>
  );
}

function RuleSelect({
  field,
  label,
  className,
  children,
}: {
  field: TextField;
  label: string;
  className?: string | undefined;
  children: ReactNode;
}) {
  return (
    <Field id={field.id} label={label} errors={fieldErrors(label, field.errors)} className={className}>
      {(control) => (
        <Select key={field.key} {...control} name={field.name} defaultValue={field.initialValue}>
          {children}
        </Select>
      )}
    </Field>
  );
}

/** Which connection a rule is about; one that was archived since stays to be seen. */
export function ConnectionSelect({
  field,
  choices,
  label = "Provider",
  className,
}: {
  field: TextField;
  choices: RuleChoices;
  label?: string;
  className?: string;
}) {
  const value = field.initialValue;
  return (
    <RuleSelect field={field} label={label} className={className}>
      {choices.connections.map(({ id, label: name }) => (
        <option key={id} value={id}>
          {name}
        </option>
      ))}
      {value && !choices.connections.some(({ id }) => id === value) ? (
        <option value={value}>Archived connection</option>
      ) : null}
    </RuleSelect>
  );
}

export function MethodSelect({ field }: { field: TextField }) {
  return (
    <RuleSelect field={field} label="Payment method">
      <option value="">Every method</option>
      {paymentMethods.map((method) => (
        <option key={method} value={method}>
          {methodName(method)}
        </option>
      ))}
    </RuleSelect>
  );
}

/** `any` is what no currency stands for; without it one must be chosen. */
export function CurrencySelect({
  field,
  choices,
  any,
}: {
  field: TextField;
  choices: RuleChoices;
  any?: string;
}) {
  const value = field.initialValue;
  const all =
    value && !choices.currencies.includes(value) ? [...choices.currencies, value] : choices.currencies;
  return (
    <RuleSelect field={field} label="Currency">
      {any === undefined ? null : <option value="">{any}</option>}
      {all.map((currency) => (
        <option key={currency} value={currency}>
          {currency}
        </option>
      ))}
    </RuleSelect>
  );
}

/** The connections of a priority list, in order. */
export function ConnectionOrder({
  form,
  list,
  choices,
  what,
}: {
  form: RulesForm;
  list: RuleField<string[]>;
  choices: RuleChoices;
  what: string;
}) {
  const rows = list.getFieldList();
  const chosen = rows.map((row) => row.initialValue);
  const others = choices.connections.filter(({ id }) => !chosen.includes(id));
  return (
    <div className="mt-3">
      <p className="mb-1 font-medium">Tried in this order</p>
      <ol className="grid gap-1">
        {rows.map((row, index) => {
          const label =
            choices.connections.find(({ id }) => id === row.initialValue)?.label ?? "Archived connection";
          return (
            <li
              key={row.key}
              className="flex min-h-9 items-center gap-2 rounded-md border border-border bg-surface-sunken py-0.5 pr-1 pl-3"
            >
              <span className="text-text-3">{index + 1}</span>
              <span className="min-w-0 flex-1 truncate">{label}</span>
              <input type="hidden" name={row.name} value={row.initialValue ?? ""} />
              {choices.mayWrite ? (
                <RowButtons
                  form={form}
                  name={list.name}
                  index={index}
                  count={rows.length}
                  what={`${label} in ${what}`}
                />
              ) : null}
            </li>
          );
        })}
      </ol>
      <FieldError id={`${list.id}-error`} errors={fieldErrors("The order", list.errors)} />
      {choices.mayWrite && others.length > 0 ? (
        <div className="mt-2 flex flex-wrap gap-2">
          {others.map(({ id, label }) => (
            <Button
              key={id}
              size="sm"
              type="submit"
              {...form.insert.getButtonProps({ name: list.name as never, defaultValue: id as never })}
            >
              <Plus />
              {label}
              <span className="sr-only"> to {what}</span>
            </Button>
          ))}
        </div>
      ) : null}
    </div>
  );
}

/** The percentages of a split: a line for each connection. */
export function SplitShares({
  list,
  choices,
}: {
  list: RuleField<{ connectionId: string; percent: string }[]>;
  choices: RuleChoices;
}) {
  return (
    <div className="mt-3">
      <div className="grid grid-cols-[repeat(auto-fill,minmax(140px,1fr))] gap-3">
        {list.getFieldList().map((row) => {
          const { connectionId, percent } = row.getFieldset();
          const id = connectionId.initialValue;
          const label = choices.connections.find((one) => one.id === id)?.label ?? "Archived connection";
          return (
            <div key={row.key}>
              <input type="hidden" name={connectionId.name} value={id ?? ""} />
              <RuleText field={percent} label={`${label}, %`} inputMode="numeric" placeholder="0" />
              <FieldError id={`${connectionId.id}-error`} errors={fieldErrors(label, connectionId.errors)} />
            </div>
          );
        })}
      </div>
      <FieldError id={`${list.id}-error`} errors={fieldErrors("The percentages", list.errors)} />
    </div>
  );
}
