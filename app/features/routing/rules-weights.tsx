import { useState } from "react";
import { Field } from "~/components/ui/field";
import { Input } from "~/components/ui/input";

export type WeightInputProps = {
  id: string;
  name: string;
  label: string;
  hint: string;
  min: number;
  max: number;
  defaultValue: string;
  /** What counts now, beside a value that differs. */
  current: string | null;
  errors: readonly string[] | undefined;
  placeholder?: string;
};

/** A number that can be typed or, with JavaScript, drawn with a slider. */
export function WeightInput(props: WeightInputProps) {
  const { id, name, label, hint, min, max, defaultValue, current, errors, placeholder } = props;
  const [value, setValue] = useState(defaultValue);
  const number = Number(value);
  return (
    <Field
      id={id}
      label={label}
      hint={hint}
      errors={errors}
      aside={
        current !== null && Number(current) !== number && value !== "" ? (
          <span className="text-sm text-text-3">now {current}</span>
        ) : undefined
      }
    >
      {(control) => (
        <span className="flex items-center gap-3">
          <input
            type="range"
            aria-label={`${label}, as a slider`}
            min={min}
            max={max}
            step={max <= 1 ? 0.01 : 0.1}
            value={value === "" || Number.isNaN(number) ? (current ?? 1) : number}
            onChange={(event) => setValue(event.currentTarget.value)}
            className="h-control min-w-0 flex-1 accent-(--accent-solid) noscript:hidden"
          />
          <Input
            {...control}
            name={name}
            inputMode="decimal"
            autoComplete="off"
            value={value}
            placeholder={placeholder}
            onChange={(event) => setValue(event.currentTarget.value)}
            className="w-20 shrink-0 text-right"
          />
        </span>
      )}
    </Field>
  );
}
