import { forwardRef, type InputHTMLAttributes, type ReactNode } from "react";
import { cn } from "./cn";

/** The look that text inputs, selects and text areas share. */
export const controlClasses =
  "w-full rounded-md border border-border-control bg-surface px-2 text-text focus-visible:-outline-offset-1 focus-visible:rounded-md aria-invalid:border-danger disabled:cursor-not-allowed disabled:border-border disabled:bg-surface-sunken disabled:text-text-3";

export type InputProps = InputHTMLAttributes<HTMLInputElement> & {
  /** An icon inside, at the start. */
  icon?: ReactNode;
  /** Something inside, at the end: a unit or a key hint. */
  end?: ReactNode;
};

export const Input = forwardRef<HTMLInputElement, InputProps>(function Input(
  { icon, end, className, type = "text", ...rest },
  ref,
) {
  const input = (
    <input
      ref={ref}
      type={type}
      className={cn(
        controlClasses,
        "h-control read-only:bg-surface-sunken",
        icon && "pl-8",
        end && "pr-8",
        className,
      )}
      {...rest}
    />
  );
  if (!icon && !end) return input;
  return (
    <span className="relative block">
      {icon ? (
        <span className="pointer-events-none absolute inset-y-0 left-2 grid place-items-center text-text-3">
          {icon}
        </span>
      ) : null}
      {input}
      {end ? (
        <span className="pointer-events-none absolute inset-y-0 right-2 grid place-items-center text-text-3">
          {end}
        </span>
      ) : null}
    </span>
  );
});
