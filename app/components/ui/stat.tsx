import type { ReactNode } from "react";
import { cn } from "./cn";
import { ArrowDownRight, ArrowRight, ArrowUpRight } from "./icons";

export type StatDelta = {
  direction: "up" | "down" | "flat";
  /** Whether that is good; a change can be neither. */
  tone: "good" | "bad" | "flat";
  /** With its unit: “1.2 points”. */
  text: string;
};

export type StatProps = {
  label: ReactNode;
  /** Already formatted. */
  value: ReactNode;
  /** A small unit or currency before the number. */
  unit?: ReactNode;
  delta?: StatDelta;
  note?: ReactNode;
  /** A sparkline, below. */
  children?: ReactNode;
};

const arrows = { up: ArrowUpRight, down: ArrowDownRight, flat: ArrowRight } as const;
const spoken = { up: "up", down: "down", flat: "unchanged" } as const;
const tones = { good: "text-success", bad: "text-danger", flat: "text-text-2" } as const;

/** One number that matters. */
export function Stat({ label, value, unit, delta, note, children }: StatProps) {
  const Arrow = delta ? arrows[delta.direction] : null;
  return (
    <div className="flex min-w-0 flex-col px-4 pt-3 max-sm:px-3">
      <h3 className="font-medium text-text-2">{label}</h3>
      <p className="mt-0.5 text-xl font-bold tracking-[-0.02em] whitespace-nowrap max-sm:text-[22px] max-sm:leading-7">
        {unit ? (
          <span className="mr-1 text-md font-normal tracking-normal text-text-3 max-sm:text-sm">{unit}</span>
        ) : null}
        {value}
      </p>
      <p className="mb-2 flex flex-wrap items-center gap-x-1.5">
        {delta && Arrow ? (
          <span className={cn("inline-flex items-center gap-0.5 text-sm font-medium", tones[delta.tone])}>
            <Arrow className="size-[13px]" />
            <span className="sr-only">{spoken[delta.direction]}</span>
            {delta.text}
          </span>
        ) : null}
        {note ? <span className="text-sm text-text-3">{note}</span> : null}
      </p>
      {children ? <div className="mt-auto pb-3">{children}</div> : null}
    </div>
  );
}

/** Stats side by side in one card, two by two where it is narrow. */
export function StatGroup({ label, children }: { label: string; children: ReactNode }) {
  return (
    <section
      aria-label={label}
      className="grid grid-cols-2 overflow-hidden rounded-lg border border-border bg-surface xl:auto-cols-fr xl:grid-flow-col xl:grid-cols-none [&>*]:border-border [&>*:nth-child(even)]:border-l xl:[&>*+*]:border-l max-xl:[&>*:nth-child(n+3)]:border-t"
    >
      {children}
    </section>
  );
}
