import { useState } from "react";
import { Checkbox } from "~/components/ui/checkbox";
import { Input } from "~/components/ui/input";
import { Select } from "~/components/ui/select";
import type { Filter } from "./filter";

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
