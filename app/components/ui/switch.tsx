import { forwardRef, type InputHTMLAttributes, type ReactNode } from "react";
import { cn } from "./cn";

export type SwitchProps = Omit<InputHTMLAttributes<HTMLInputElement>, "type" | "role"> & {
  label: ReactNode;
  hint?: ReactNode;
};

/** The browser tells whether it is on; `aria-checked` would have to be kept in step by hand. */
const asSwitch = { role: "switch" } as const;

/** On or off. A checkbox underneath, so a form posts it without JavaScript. */
export const Switch = forwardRef<HTMLInputElement, SwitchProps>(function Switch(
  { label, hint, className, disabled, ...rest },
  ref,
) {
  return (
    <label
      className={cn("flex items-start gap-2.5", disabled && "cursor-not-allowed text-text-3", className)}
    >
      <span className="relative mt-px inline-block h-[18px] w-8 flex-none">
        <input
          ref={ref}
          type="checkbox"
          {...asSwitch}
          disabled={disabled}
          className="peer absolute inset-0 m-0 size-full cursor-[inherit] appearance-none rounded-full border border-border-control bg-surface-sunken transition-colors checked:border-transparent checked:bg-accent-solid focus-visible:rounded-full disabled:opacity-60"
          {...rest}
        />
        <span className="pointer-events-none absolute top-[3px] left-[3px] size-3 rounded-full bg-border-control transition-transform peer-checked:translate-x-3.5 peer-checked:bg-on-accent" />
      </span>
      <span>
        <span className="font-medium">{label}</span>
        {hint ? <span className="block text-sm text-text-3">{hint}</span> : null}
      </span>
    </label>
  );
});
