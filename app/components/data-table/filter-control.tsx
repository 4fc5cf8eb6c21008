import { useState } from "react";
import { Checkbox } from "~/components/ui/checkbox";
import { Input } from "~/components/ui/input";
import { Select } from "~/components/ui/select";

export type Filter = {
  /** The search parameter; `<name>.op` holds the operator, `<name>.to` the upper end of "between". */
  name: string;
  label: string;
  /** Offered values; without them the filter takes text. */
  options?: readonly { value: string; label: string }[];
  /** With `options`: several may be chosen. */
  several?: boolean;
  /** How the value is compared; the first is meant where the address names none. "between" takes a second value. */
  operators?: readonly { value: string; label: string }[];
  placeholder?: string;
  inputMode?: "text" | "decimal" | "email";
  /** The value is a day, chosen from a calendar. */
  isDay?: boolean;
};

/** The parameters that belong to a filter. */
export const paramsOf = ({ name }: Filter) => [name, `${name}.op`, `${name}.to`];

/** The filter as a sentence: `Status` `is not` `Failed or Expired`. */
export function filterWords(
  filter: Filter,
  params: URLSearchParams,
): { operator: string | null; value: string } {
  const { name, options, operators } = filter;
  const labelOf = (value: string) => options?.find((option) => option.value === value)?.label ?? value;
  const op = params.get(`${name}.op`) ?? operators?.[0]?.value;
  const operator = operators?.find(({ value }) => value === op)?.label ?? null;
  const values = params.getAll(name).filter(Boolean).map(labelOf);
  const to = params.get(`${name}.to`);
  const words = op === "between" ? [...values, ...(to ? [to] : [])].join(" and ") : values.join(" or ");
  // That it is that value goes without saying.
  return { operator: op === "is" ? null : operator, value: words };
}

/** The controls of one filter's form; `autoFocus` for the one in a panel that just opened. */
export function FilterControl({
  id,
  filter,
  params,
  autoFocus,
}: {
  id: string;
  filter: Filter;
  params: URLSearchParams;
  autoFocus?: boolean;
}) {
  const { name, label, options, several, operators } = filter;
  const [op, setOp] = useState(params.get(`${name}.op`) ?? operators?.[0]?.value ?? "is");
  const values = params.getAll(name);
  const isRange = operators?.some(({ value }) => value === "between") ?? false;
  return (
    <div className="grid min-w-0 gap-2">
      {operators ? (
        <Select
          name={`${name}.op`}
          aria-label={`How ${label.toLowerCase()} is compared`}
          defaultValue={op}
          onChange={(event) => setOp(event.currentTarget.value)}
        >
          {operators.map((operator) => (
            <option key={operator.value} value={operator.value}>
              {operator.label}
            </option>
          ))}
        </Select>
      ) : null}
      {options && several ? (
        <fieldset className="max-h-64 overflow-auto">
          <legend className="sr-only">{label}</legend>
          {options.map((option, index) => (
            <Checkbox
              key={option.value}
              id={index === 0 ? id : undefined}
              name={name}
              value={option.value}
              label={<span className="font-normal">{option.label}</span>}
              defaultChecked={values.includes(option.value)}
              autoFocus={autoFocus && index === 0}
              className="rounded-md px-1 py-1 hover:bg-surface-hover max-sm:py-2"
            />
          ))}
        </fieldset>
      ) : options ? (
        <Select
          id={id}
          name={name}
          defaultValue={values[0] ?? ""}
          autoFocus={autoFocus}
          aria-label={label}
          required
        >
          <option value="" disabled>
            Choose
          </option>
          {options.map((option) => (
            <option key={option.value} value={option.value}>
              {option.label}
            </option>
          ))}
        </Select>
      ) : (
        <Input
          id={id}
          name={name}
          type={filter.isDay ? "date" : undefined}
          defaultValue={values[0] ?? ""}
          aria-label={isRange && op === "between" ? `${label}, from` : label}
          placeholder={filter.placeholder}
          inputMode={filter.inputMode}
          autoFocus={autoFocus}
          autoComplete="off"
          required
        />
      )}
      {isRange ? (
        // Without JavaScript it is there for every operator, and only "between" reads it.
        <Input
          name={`${name}.to`}
          type={filter.isDay ? "date" : undefined}
          defaultValue={params.get(`${name}.to`) ?? ""}
          aria-label={`${label}, to`}
          placeholder="and"
          inputMode={filter.inputMode}
          autoComplete="off"
          className={op === "between" ? undefined : "hidden noscript:block"}
        />
      ) : null}
    </div>
  );
}

/** The address after a filter's form: without what is empty or meant anyway, and on the first page. */
export function filteredSearch(
  filter: Filter,
  form: FormData,
  params: URLSearchParams,
  page: string,
): string {
  const next = new URLSearchParams(params);
  for (const name of [...paramsOf(filter), page]) next.delete(name);
  const texts = (name: string) =>
    form
      .getAll(name)
      .flatMap((value) => (typeof value === "string" && value.trim() !== "" ? [value.trim()] : []));
  const values = texts(filter.name);
  const [op] = texts(`${filter.name}.op`);
  const [to] = texts(`${filter.name}.to`);
  for (const value of values) next.append(filter.name, value);
  if (values.length > 0 && op !== undefined && op !== filter.operators?.[0]?.value)
    next.set(`${filter.name}.op`, op);
  if (values.length > 0 && to !== undefined && op === "between") next.set(`${filter.name}.to`, to);
  return `?${next}`;
}
