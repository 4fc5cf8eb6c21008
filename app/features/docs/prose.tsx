import { Link } from "@remix-run/react";
import { Fragment, type ReactNode } from "react";
import type { Inline } from "./markdown.server";

const linkClasses = "text-accent underline underline-offset-2";

/** Running text. */
export function Prose({ children }: { children: readonly Inline[] }) {
  return (
    <>
      {children.map((part, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a text does not change
        <Fragment key={index}>{drawn(part)}</Fragment>
      ))}
    </>
  );
}

function drawn(part: Inline): ReactNode {
  switch (part.kind) {
    case "text":
      return part.text;
    case "code":
      return <InlineCode>{part.text}</InlineCode>;
    case "strong":
      return (
        <strong className="font-bold">
          <Prose>{part.children}</Prose>
        </strong>
      );
    case "em":
      return (
        <em>
          <Prose>{part.children}</Prose>
        </em>
      );
    case "link":
      return part.href.startsWith("/") ? (
        <Link to={part.href} className={linkClasses}>
          <Prose>{part.children}</Prose>
        </Link>
      ) : (
        <a href={part.href} rel="noreferrer" className={linkClasses}>
          <Prose>{part.children}</Prose>
        </a>
      );
  }
}

export function InlineCode({ children }: { children: ReactNode }) {
  return <code className="rounded-sm bg-neutral-bg px-1 py-px text-sm break-words">{children}</code>;
}

/** A plain table in the text, as wide as it needs and scrolling on its own. */
export function ProseTable({
  label,
  head,
  rows,
}: {
  label: string;
  head: ReactNode[];
  rows: { key: string; cells: ReactNode[] }[];
}) {
  return (
    <section
      aria-label={label}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: the keyboard could not scroll it otherwise
      tabIndex={0}
      className="overflow-x-auto rounded-lg border border-border bg-surface focus-visible:-outline-offset-2"
    >
      <table className="w-full text-left">
        <thead className="border-b border-border text-sm text-text-3">
          <tr>
            {head.map((cell, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: columns do not change
              <th key={index} scope="col" className="px-3 py-2 font-medium">
                {cell}
              </th>
            ))}
          </tr>
        </thead>
        <tbody className="divide-y divide-border">
          {rows.map(({ key, cells }) => (
            <tr key={key}>
              {cells.map((cell, index) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: columns do not change
                <td key={index} className="px-3 py-2 align-top">
                  {cell}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
