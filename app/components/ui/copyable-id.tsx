import { cn } from "./cn";
import { CopyButton } from "./copy-button";

/** The start and the end of a long id: `01a1fc16…b60216`. Short ones stay whole. */
export function truncateMiddle(id: string, head = 8, tail = 6): string {
  return id.length <= head + tail + 1 ? id : `${id.slice(0, head)}…${id.slice(-tail)}`;
}

export type CopyableIdProps = {
  id: string;
  /** What it is: “session id”. */
  what: string;
  /** Shows it whole. */
  full?: boolean;
  className?: string;
};

/** An id in monospace with a copy button; the whole id on hover. */
export function CopyableId({ id, what, full = false, className }: CopyableIdProps) {
  return (
    <span
      className={cn("inline-flex max-w-full items-center gap-0.5", !full && "whitespace-nowrap", className)}
    >
      <code title={id} className={cn(full && "break-all")}>
        {full ? id : truncateMiddle(id)}
      </code>
      <CopyButton text={id} what={what} />
    </span>
  );
}
