import type { ReactNode } from "react";
import { cn } from "./cn";
import { FieldError } from "./field-error";

export type RadioCard = {
  value: string;
  label: ReactNode;
  description?: ReactNode;
  icon?: ReactNode;
  disabled?: boolean;
};

export type RadioCardsProps = {
  /** Also the stem of the hint's and the error's id. */
  id: string;
  name: string;
  legend: ReactNode;
  options: readonly RadioCard[];
  defaultValue?: string;
  hint?: ReactNode;
  errors?: readonly string[] | null;
  onValueChange?: (value: string) => void;
  className?: string;
};

/** One of a few, each explained: radio buttons underneath. */
export function RadioCards({
  id,
  name,
  legend,
  options,
  defaultValue,
  hint,
  errors,
  onValueChange,
  className,
}: RadioCardsProps) {
  const failed = Boolean(errors && errors.length > 0);
  const described = [failed ? `${id}-error` : null, hint ? `${id}-description` : null].filter(Boolean);
  return (
    <fieldset
      id={id}
      aria-describedby={described.length > 0 ? described.join(" ") : undefined}
      className={cn("min-w-0", className)}
    >
      <legend className="mb-1 font-medium">{legend}</legend>
      <div className="grid gap-2 sm:grid-flow-col sm:auto-cols-fr">
        {options.map((option) => (
          <label
            key={option.value}
            className="relative flex items-start gap-2.5 rounded-lg border border-border-control bg-surface p-3 has-checked:border-accent has-checked:bg-accent-soft has-checked:shadow-[inset_0_0_0_1px_var(--accent)] has-focus-visible:outline-2 has-focus-visible:outline-offset-2 has-focus-visible:outline-focus has-disabled:cursor-not-allowed has-disabled:border-border has-disabled:bg-surface-sunken"
          >
            <input
              type="radio"
              name={name}
              value={option.value}
              defaultChecked={option.value === defaultValue}
              disabled={option.disabled}
              aria-invalid={failed || undefined}
              onChange={() => onValueChange?.(option.value)}
              className="mt-0.5 size-4 flex-none accent-accent-solid focus-visible:outline-none"
            />
            <span className="min-w-0 flex-1">
              <span className="font-medium">{option.label}</span>
              {option.description ? (
                <span className="block text-sm text-text-2">{option.description}</span>
              ) : null}
            </span>
            {option.icon ? <span className="mt-0.5 text-text-3">{option.icon}</span> : null}
          </label>
        ))}
      </div>
      <FieldError id={`${id}-error`} errors={errors} />
      {hint ? (
        <p id={`${id}-description`} className="mt-1.5 text-sm text-text-3">
          {hint}
        </p>
      ) : null}
    </fieldset>
  );
}
