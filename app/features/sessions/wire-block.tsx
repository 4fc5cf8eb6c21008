import { Fragment } from "react";
import { CopyButton } from "~/components/ui/copy-button";
import type { WireView } from "./timeline";

/** How redacted values are stored (app/providers). In JSON they have quotes, in headers not. */
const REDACTED = /"?\[redacted\]"?/;

/** A request, response or body as it was kept; what was taken out is a chip that says so. */
export function WireBlock({ part }: { part: WireView }) {
  const pieces = part.text.split(REDACTED);
  return (
    <figure className="min-w-0 overflow-hidden rounded-lg border border-border bg-surface-sunken">
      <figcaption className="flex items-center gap-2 border-b border-border bg-surface py-1 pr-1.5 pl-3 text-sm">
        <span className="font-medium">{part.title}</span>
        <span title={part.note} className="min-w-0 truncate text-text-3">
          {part.note}
        </span>
        <CopyButton text={part.text} what={part.title.toLowerCase()} className="my-0 ml-auto" />
      </figcaption>
      <section
        aria-label={part.title}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: the keyboard must be able to scroll it
        tabIndex={0}
        className="max-h-96 overflow-auto focus-visible:-outline-offset-2"
      >
        <pre className="px-3 py-2 text-sm leading-[18px] break-words whitespace-pre-wrap">
          {pieces.map((piece, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: the pieces of one text never move
            <Fragment key={index}>
              {index > 0 ? (
                <span className="rounded-sm bg-neutral-bg px-1 font-sans text-neutral">redacted</span>
              ) : null}
              {piece}
            </Fragment>
          ))}
        </pre>
      </section>
    </figure>
  );
}
