import { cn } from "./cn";
import { LoaderCircle } from "./icons";

/** A turning ring. Give `label` when nothing beside it says what is waited for. */
export function Spinner({ className, label }: { className?: string; label?: string }) {
  return (
    <span role={label ? "status" : undefined} className={cn("inline-grid place-items-center", className)}>
      <LoaderCircle className="animate-spin" />
      {label ? <span className="sr-only">{label}</span> : null}
    </span>
  );
}
