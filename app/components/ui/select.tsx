import { forwardRef, type ReactNode, type SelectHTMLAttributes } from "react";
import { cn } from "./cn";
import { ChevronDown } from "./icons";
import { controlClasses } from "./input";

export type SelectProps = SelectHTMLAttributes<HTMLSelectElement> & { icon?: ReactNode };

/** The browser's own select, styled: right on phones, and it works without JavaScript. */
export const Select = forwardRef<HTMLSelectElement, SelectProps>(function Select(
  { className, icon, children, ...rest },
  ref,
) {
  return (
    <span className={cn("relative inline-block w-full", className)}>
      {icon ? (
        <span className="pointer-events-none absolute inset-y-0 left-2 grid place-items-center text-text-3">
          {icon}
        </span>
      ) : null}
      <select
        ref={ref}
        className={cn(controlClasses, "h-control appearance-none bg-surface pr-7", icon && "pl-8")}
        {...rest}
      >
        {children}
      </select>
      <ChevronDown className="pointer-events-none absolute top-1/2 right-2 size-3.5 -translate-y-1/2 text-text-3" />
    </span>
  );
});
