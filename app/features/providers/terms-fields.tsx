import type { SubmissionResult } from "@conform-to/react";
import { useEffect, useState } from "react";
import { fieldErrors } from "~/components/form/field-errors";
import { Button } from "~/components/ui/button";
import { Checkbox } from "~/components/ui/checkbox";
import { Field } from "~/components/ui/field";
import { FieldError } from "~/components/ui/field-error";
import { Plus } from "~/components/ui/icons";
import { Input } from "~/components/ui/input";
import type { Fee } from "~/contracts/providers";
import { methodName } from "~/features/sessions/method";
import { codesOf } from "./codes";

type Reply = SubmissionResult<string[]> | undefined;

/** What a connection takes and costs, as it is stored; null for a new one. */
export interface Terms {
  paymentMethods: string[];
  currencies: string[];
  /** Empty means every country. */
  countries: string[];
  priority: number | null;
  fees: Fee[];
}

/** Payment methods, currencies, countries, fees and priority: what both forms of a connection ask for. */
export function TermsFields(props: { methods: string[]; stored: Terms | null; reply: Reply }) {
  const { methods, stored, reply } = props;
  return (
    <>
      <Methods methods={methods} stored={stored} reply={reply} />
      <CodeList
        name="currencies"
        label="Currencies"
        hint="Those that your account takes, separated by commas: EUR, USD."
        stored={stored?.currencies ?? []}
        reply={reply}
      />
      <CodeList
        name="countries"
        label="Countries"
        hint="Of the customer, as two letters: AU, NZ. Empty means every country."
        optional
        stored={stored?.countries ?? []}
        reply={reply}
      />
      <Fees stored={stored?.fees ?? []} reply={reply} />
      <Field
        id="connection-priority"
        label="Priority"
        hint="1 to 1000: between equal scores routing takes the lower number first."
        optional
        errors={fieldErrors("Priority", reply?.error?.priority ?? undefined)}
      >
        {(control) => (
          <Input
            {...control}
            name="priority"
            inputMode="numeric"
            autoComplete="off"
            className="max-w-28"
            defaultValue={kept(reply, "priority", String(stored?.priority ?? ""))}
          />
        )}
      </Field>
    </>
  );
}

/** What was typed, when the form comes back; what is stored otherwise. */
function kept(reply: Reply, name: string, stored: string): string {
  if (!reply) return stored;
  const value = reply.initialValue?.[name];
  return typeof value === "string" ? value : "";
}

function Methods({ methods, stored, reply }: { methods: string[]; stored: Terms | null; reply: Reply }) {
  const errors = fieldErrors("Payment methods", reply?.error?.paymentMethods ?? undefined);
  const chosen = reply
    ? [reply.initialValue?.paymentMethods ?? []].flat()
    : (stored?.paymentMethods ?? methods);
  return (
    <fieldset aria-describedby={errors ? "connection-methods-error" : undefined}>
      <legend className="mb-1 font-medium">Payment methods</legend>
      <div className="flex flex-wrap gap-x-6 gap-y-2">
        {methods.map((method) => (
          <Checkbox
            key={method}
            name="paymentMethods"
            value={method}
            defaultChecked={chosen.includes(method)}
            label={methodName(method)}
          />
        ))}
      </div>
      <FieldError id="connection-methods-error" errors={errors} />
    </fieldset>
  );
}

function CodeList(props: {
  name: "currencies" | "countries";
  label: string;
  hint: string;
  optional?: boolean;
  stored: string[];
  reply: Reply;
}) {
  const { name, label, hint, optional, stored, reply } = props;
  const text = kept(reply, name, stored.join(", "));
  return (
    <Field
      id={`connection-${name}`}
      label={label}
      hint={hint}
      optional={optional}
      errors={fieldErrors(label, listErrors(reply, name, codesOf(text)))}
    >
      {(control) => (
        <Input
          {...control}
          name={name}
          autoComplete="off"
          autoCapitalize="characters"
          spellCheck={false}
          defaultValue={text}
        />
      )}
    </Field>
  );
}

/** Errors of a list in one field; those of one entry (`currencies[1]`) name it. */
function listErrors(reply: Reply, name: string, entries: string[]): string[] | undefined {
  const errors = Object.entries(reply?.error ?? {}).flatMap(([path, list]) => {
    if (path === name) return list ?? [];
    const index = path.startsWith(`${name}[`) ? Number.parseInt(path.slice(name.length + 1), 10) : null;
    return index === null ? [] : (list ?? []).map((error) => `${entries[index] ?? "An entry"} ${error}.`);
  });
  return errors.length === 0 ? undefined : [...new Set(errors)];
}

interface Line {
  percent: string;
  fixed: string;
  currency: string;
}
const BLANK: Line = { percent: "", fixed: "", currency: "" };
/** Free lines after those that are filled in: without a script no more can be added before the form is saved. */
const SPARE_LINES = 2;

const parts = [
  { name: "percent", label: "Percent", inputMode: "decimal", placeholder: "1.75" },
  { name: "fixed", label: "Fixed amount", inputMode: "decimal", placeholder: "0.30" },
  { name: "currency", label: "Currency", inputMode: "text", placeholder: "EUR" },
] as const;

/** One line a currency. A line that is left blank is no fee. */
function Fees({ stored, reply }: { stored: Fee[]; reply: Reply }) {
  const [added, setAdded] = useState(0);
  const [isHydrated, setHydrated] = useState(false);
  useEffect(() => setHydrated(true), []);
  const filled: Line[] = reply ? sentLines(reply) : stored;
  const lines = [...filled, ...Array.from({ length: SPARE_LINES + added }, () => BLANK)];
  const formError = fieldErrors("Fees", reply?.error?.fees ?? undefined);
  return (
    <fieldset aria-describedby="connection-fees-hint">
      <legend className="mb-1 font-medium">
        Fees <span className="ml-1 font-normal text-text-3">Optional</span>
      </legend>
      <div className="grid gap-2">
        {lines.map((line, index) => (
          <FeeLine
            // Lines are only ever added at the end.
            // biome-ignore lint/suspicious/noArrayIndexKey: a line is its place
            key={index}
            index={index}
            line={line}
            reply={reply}
          />
        ))}
      </div>
      <FieldError id="connection-fees-error" errors={formError} />
      {isHydrated ? (
        <Button size="sm" className="mt-2" onClick={() => setAdded(added + 1)}>
          <Plus />
          Add a currency
        </Button>
      ) : null}
      <p id="connection-fees-hint" className="mt-1.5 text-sm text-text-3">
        What the provider takes of a payment, by currency; routing weighs it as cost. Empty a line to remove
        it. A currency without one counts as free.
      </p>
    </fieldset>
  );
}

function FeeLine({ index, line, reply }: { index: number; line: Line; reply: Reply }) {
  const path = `fees[${index}]`;
  const errorId = `connection-fee-${index}-error`;
  const errorsOf = ({ name, label }: (typeof parts)[number]) =>
    fieldErrors(label, reply?.error?.[`${path}.${name}`] ?? undefined) ?? [];
  const errors = [
    ...parts.flatMap(errorsOf),
    ...(fieldErrors("This line", reply?.error?.[path] ?? undefined) ?? []),
  ];
  return (
    <div>
      <div className="grid grid-cols-[1fr_1fr_92px] gap-2">
        {parts.map((part) => (
          <div key={part.name} className="grid gap-0.5">
            <label
              htmlFor={`connection-fee-${index}-${part.name}`}
              className={index === 0 ? "text-sm text-text-3" : "sr-only"}
            >
              {part.label}
              {index === 0 ? null : `, fee ${index + 1}`}
            </label>
            <Input
              id={`connection-fee-${index}-${part.name}`}
              name={`${path}.${part.name}`}
              inputMode={part.inputMode}
              placeholder={index === 0 ? part.placeholder : undefined}
              autoComplete="off"
              autoCapitalize={part.name === "currency" ? "characters" : undefined}
              spellCheck={false}
              maxLength={part.name === "currency" ? 3 : 20}
              defaultValue={line[part.name]}
              end={part.name === "percent" ? "%" : undefined}
              aria-invalid={errorsOf(part).length > 0 || undefined}
              aria-describedby={errors.length > 0 ? errorId : undefined}
            />
          </div>
        ))}
      </div>
      <FieldError id={errorId} errors={errors} />
    </div>
  );
}

/** The lines as they were sent, up to the last that was filled in: errors are at their places. */
function sentLines(reply: NonNullable<Reply>): Line[] {
  const sent: unknown = reply.initialValue?.fees;
  const lines = Array.from(Array.isArray(sent) ? sent : [], (line: Partial<Line> | undefined) => ({
    ...BLANK,
    ...line,
  }));
  const last = lines.findLastIndex((line) => Boolean(line.percent || line.fixed || line.currency));
  return lines.slice(0, last + 1);
}
