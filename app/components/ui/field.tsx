import type { ReactNode } from "react";
import { cn } from "./cn";
import { FieldError } from "./field-error";

/** What the control inside a Field must spread on itself. */
export type FieldControl = {
  id: string;
  "aria-describedby": string | undefined;
  "aria-invalid": true | undefined;
};

export type FieldProps = {
  id: string;
  label: ReactNode;
  /** A sentence under the control, read with it. */
  hint?: ReactNode;
  errors?: readonly string[] | null;
  /** Says "Optional" beside the label; required is the rule and is not marked. */
  optional?: boolean;
  /** Something at the end of the label's line, as a link. */
  aside?: ReactNode;
  className?: string;
  children: (control: FieldControl) => ReactNode;
};

/**
 * A labelled control with its hint and errors tied to it. The ids of hint and error are those that
 * Conform's `getInputProps` refers to (`<id>-description`, `<id>-error`).
 */
export function Field({ id, label, hint, errors, optional, aside, className, children }: FieldProps) {
  const failed = Boolean(errors && errors.length > 0);
  const described = [failed ? `${id}-error` : null, hint ? `${id}-description` : null].filter(Boolean);
  return (
    <div className={cn("min-w-0", aside && "relative", className)}>
      <div className="mb-1">
        <label htmlFor={id} className="font-medium">
          {label}
          {optional ? <span className="ml-1.5 font-normal text-text-3">Optional</span> : null}
        </label>
      </div>
      {children({
        id,
        "aria-describedby": described.length > 0 ? described.join(" ") : undefined,
        "aria-invalid": failed || undefined,
      })}
      {/* After the control: Tab goes from one control to the next. */}
      {aside ? <div className="absolute top-0 right-0">{aside}</div> : null}
      <FieldError id={`${id}-error`} errors={errors} />
      {hint ? (
        <p id={`${id}-description`} className="mt-1.5 text-sm text-text-3">
          {hint}
        </p>
      ) : null}
    </div>
  );
}
