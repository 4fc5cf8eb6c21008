import { cn } from "./cn";

export type ProgressBarProps = {
  /** From 0 to `max`. */
  value: number;
  max?: number;
  label: string;
  /** Any token's class for the filled part. */
  fillClassName?: string;
  className?: string;
};

/** A share of a whole as a thin bar. The number itself must stand beside it. */
export function ProgressBar({ value, max = 1, label, fillClassName, className }: ProgressBarProps) {
  const share = max > 0 ? Math.min(Math.max(value / max, 0), 1) : 0;
  return (
    <div
      role="progressbar"
      aria-label={label}
      aria-valuenow={value}
      aria-valuemin={0}
      aria-valuemax={max}
      className={cn("h-1.5 min-w-10 overflow-hidden rounded-full bg-neutral-bg", className)}
    >
      <div className={cn("h-full bg-accent-solid", fillClassName)} style={{ width: `${share * 100}%` }} />
    </div>
  );
}
