import type { ReactNode } from "react";
import { cn } from "./cn";
import { CopyableId } from "./copyable-id";
import { CircleX } from "./icons";

export type ErrorStateProps = {
  /** What failed. */
  title: ReactNode;
  /** "h1" where it is all that the page has. */
  titleAs?: "p" | "h1";
  /** What still works, and what to do. */
  children?: ReactNode;
  requestId?: string | null;
  /** The retry link or button. */
  action?: ReactNode;
  className?: string;
};

/** A block that failed; the rest of the page stays. */
export function ErrorState({
  title,
  titleAs: Title = "p",
  children,
  requestId,
  action,
  className,
}: ErrorStateProps) {
  return (
    <div role="alert" className={cn("grid justify-items-center gap-1 px-4 py-10 text-center", className)}>
      <CircleX className="mb-1 size-5 text-danger" />
      <Title className="font-bold">{title}</Title>
      {children ? <div className="max-w-[60ch] text-text-2">{children}</div> : null}
      {requestId ? (
        <p className="mt-1 flex items-center gap-1.5 text-sm text-text-3">
          Request <CopyableId id={requestId} what="request id" full />
        </p>
      ) : null}
      {action ? <div className="mt-3 flex flex-wrap justify-center gap-2">{action}</div> : null}
    </div>
  );
}
