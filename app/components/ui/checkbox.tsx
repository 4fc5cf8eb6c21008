import { forwardRef, type InputHTMLAttributes, type ReactNode } from "react";
import { cn } from "./cn";

export type CheckboxProps = Omit<InputHTMLAttributes<HTMLInputElement>, "type"> & {
  label: ReactNode;
  hint?: ReactNode;
};

/** A tick box with its label; the label is part of the target. */
export const Checkbox = forwardRef<HTMLInputElement, CheckboxProps>(function Checkbox(
  { label, hint, className, disabled, ...rest },
  ref,
) {
  return (
    <label className={cn("flex items-start gap-2", disabled && "cursor-not-allowed text-text-3", className)}>
      <input
        ref={ref}
        type="checkbox"
        disabled={disabled}
        className="mt-0.5 size-4 flex-none accent-accent-solid max-sm:size-[18px]"
        {...rest}
      />
      <span>
        <span className="font-medium">{label}</span>
        {hint ? <span className="block text-sm text-text-3">{hint}</span> : null}
      </span>
    </label>
  );
});
