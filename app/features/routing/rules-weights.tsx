import { type CSSProperties, useState } from "react";
import { cn } from "~/components/ui/cn";
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

/** The browsers' own sliders have a track that is white in the dark. */
const slider = cn(
  "h-control min-w-0 flex-1 cursor-pointer appearance-none rounded-md bg-transparent noscript:hidden",
  "disabled:cursor-not-allowed disabled:opacity-60",
  "[&::-webkit-slider-runnable-track]:h-1 [&::-webkit-slider-runnable-track]:rounded-full [&::-webkit-slider-runnable-track]:bg-[linear-gradient(to_right,var(--accent-solid)_var(--filled),var(--border-strong)_var(--filled))]",
  "[&::-webkit-slider-thumb]:-mt-1.5 [&::-webkit-slider-thumb]:size-4 [&::-webkit-slider-thumb]:appearance-none [&::-webkit-slider-thumb]:rounded-full [&::-webkit-slider-thumb]:border-2 [&::-webkit-slider-thumb]:border-surface [&::-webkit-slider-thumb]:bg-accent-solid",
  "[&::-moz-range-track]:h-1 [&::-moz-range-track]:rounded-full [&::-moz-range-track]:bg-border-strong",
  "[&::-moz-range-progress]:h-1 [&::-moz-range-progress]:rounded-full [&::-moz-range-progress]:bg-accent-solid",
  "[&::-moz-range-thumb]:size-3 [&::-moz-range-thumb]:rounded-full [&::-moz-range-thumb]:border-2 [&::-moz-range-thumb]:border-surface [&::-moz-range-thumb]:bg-accent-solid",
);

/** A number that can be typed or, with JavaScript, drawn with a slider. */
export function WeightInput(props: WeightInputProps) {
  const { id, name, label, hint, min, max, defaultValue, current, errors, placeholder } = props;
  const [value, setValue] = useState(defaultValue);
  const number = Number(value);
  const shown = Math.min(
    max,
    Math.max(min, value === "" || Number.isNaN(number) ? Number(current ?? 1) : number),
  );
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
            value={shown}
            onChange={(event) => setValue(event.currentTarget.value)}
            style={{ "--filled": `${((shown - min) / (max - min)) * 100}%` } as CSSProperties}
            className={slider}
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
