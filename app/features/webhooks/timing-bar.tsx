import { formatCount } from "~/components/ui/format";

/** Milliseconds; null for a part that did not take place. */
type TimingParts = Record<(typeof PARTS)[number]["name"], number | null>;

const PARTS = [
  { name: "dns", label: "Look-up", className: "bg-warning" },
  { name: "connect", label: "Connect", className: "bg-info" },
  { name: "tls", label: "TLS", className: "bg-success" },
  { name: "wait", label: "Wait", className: "bg-accent-solid" },
] as const;

const ms = (value: number) => (value < 10 ? value.toFixed(1) : formatCount(Math.round(value)));

/** Where a try's time went: the parts as one bar, and as words and numbers beside their colours. */
export function TimingBar({ timings }: { timings: TimingParts | null }) {
  if (timings === null) return null;
  const parts = PARTS.flatMap((part) => {
    const value = timings[part.name];
    return value === null ? [] : [{ ...part, value }];
  });
  return (
    <div className="mt-3 max-w-[640px]">
      <div aria-hidden className="flex h-2 gap-px overflow-hidden rounded-full bg-neutral-bg">
        {parts.map((part) => (
          <div
            key={part.name}
            className={part.className}
            // A part of a thousandth can still be seen.
            style={{ flexGrow: Math.max(part.value, 0.01), flexBasis: 3 }}
          />
        ))}
      </div>
      <ul className="mt-1.5 flex flex-wrap gap-x-4 gap-y-1 text-sm text-text-2">
        {parts.map((part) => (
          <li key={part.name} className="inline-flex items-center gap-1.5">
            <span aria-hidden className={`size-2 rounded-full ${part.className}`} />
            {part.label} <span className="text-text">{ms(part.value)} ms</span>
          </li>
        ))}
        {timings.connect === null && timings.wait !== null ? (
          <li className="text-text-3">over a connection that stood already</li>
        ) : null}
      </ul>
    </div>
  );
}
