import type { ReactNode } from "react";
import { cn } from "./cn";
import { CopyButton } from "./copy-button";

export type CodeBlockProps = {
  code: string;
  /** What it is: “curl”, “Response”. */
  title: string;
  note?: ReactNode;
  /** Breaks long lines instead of scrolling sideways. */
  wrap?: boolean;
  className?: string;
};

/** Code or wire values, with a copy button. */
export function CodeBlock({ code, title, note, wrap = false, className }: CodeBlockProps) {
  return (
    <figure
      className={cn("min-w-0 overflow-hidden rounded-lg border border-border bg-surface-sunken", className)}
    >
      <figcaption className="flex items-center gap-2 border-b border-border bg-surface py-1 pr-1.5 pl-3 text-sm">
        <span className="font-medium">{title}</span>
        {note ? <span className="min-w-0 truncate text-text-3">{note}</span> : null}
        <CopyButton text={code} what={title} className="my-0 ml-auto" />
      </figcaption>
      {/* Focusable, so that the keyboard can scroll it. */}
      <section
        aria-label={title}
        tabIndex={wrap ? undefined : 0}
        className="overflow-x-auto focus-visible:-outline-offset-2"
      >
        <pre
          className={cn(
            "px-3 py-2 text-sm leading-[18px] max-sm:break-words max-sm:whitespace-pre-wrap",
            wrap && "break-words whitespace-pre-wrap",
          )}
        >
          {code}
        </pre>
      </section>
    </figure>
  );
}
