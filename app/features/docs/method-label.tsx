import { cn } from "~/components/ui/cn";

const colours: Record<string, string> = {
  GET: "text-info",
  POST: "text-success",
  PATCH: "text-warning",
  DELETE: "text-danger",
};

/** GET, POST, … */
export function MethodLabel({ method, className }: { method: string; className?: string }) {
  return <span className={cn("font-mono text-xs font-bold", colours[method], className)}>{method}</span>;
}
