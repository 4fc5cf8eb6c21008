import { Callout } from "~/components/ui/callout";
import { cn } from "~/components/ui/cn";
import { formatCount, formatPercent } from "~/components/ui/format";
import { Scale } from "~/components/ui/icons";
import { ScrollRegion } from "~/components/ui/scroll-region";
import type { RoutingReplay } from "~/contracts/routing-rules";
import { providerName } from "~/features/providers/provider-names";

const head = "py-1.5 pr-3 text-left text-sm font-medium whitespace-nowrap text-text-3";
const cell = "border-t border-border py-2 pr-3 whitespace-nowrap";
const right = "text-right last:pr-0";

const bps = (value: number) => `${(value / 100).toFixed(2)}%`;
/** “+0.4”; a true minus, and no sign before nothing. */
function change(value: number, digits: number, unit: string): string {
  const text = Math.abs(value).toFixed(digits);
  const sign = Number(text) === 0 ? "±" : value < 0 ? "−" : "+";
  return `${sign}${text} ${unit}`;
}

/** What a replay found: the sentence, before against after, how much of it is evidence, and who gets what. */
export function ReplayResult({ replay, period }: { replay: RoutingReplay; period: string }) {
  const { moved, successRate, fees, unserved } = replay;
  const rows = [
    {
      name: "Moved",
      before: null,
      after: formatCount(moved.decisions),
      difference: `${formatPercent(moved.volumeShare)} of volume`,
    },
    {
      name: "Success rate",
      before: formatPercent(successRate.before),
      after: formatPercent(successRate.after),
      difference: change(successRate.changePoints, 1, "points"),
    },
    {
      name: "Fees ÷ volume",
      before: bps(fees.beforeBps),
      after: bps(fees.afterBps),
      difference: change(fees.changeBps, 0, "bps"),
    },
    ...(unserved.before + unserved.after === 0
      ? []
      : [
          {
            name: "No provider could",
            before: formatCount(unserved.before),
            after: formatCount(unserved.after),
            difference: `of ${formatCount(replay.replayed)} decisions`,
          },
        ]),
  ];
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-3">
      <p className="text-md font-bold">{replay.summary}</p>
      <p className="text-sm text-text-2">
        {formatCount(replay.replayed)} {replay.replayed === 1 ? "decision" : "decisions"} of {period} made
        again, on what was known at each of them.
      </p>
      {replay.isSample ? (
        <Callout tone="info">
          A sample: {formatCount(replay.replayed)} of {formatCount(replay.decisions)} decisions, spread evenly
          over the period.
        </Callout>
      ) : null}
      {replay.replayed === 0 ? null : (
        <>
          <ScrollRegion label="Before against after">
            <table className="w-full">
              <caption className="sr-only">Before against after</caption>
              <thead>
                <tr>
                  <th scope="col" className={head}>
                    Measure
                  </th>
                  <th scope="col" className={cn(head, right)}>
                    Was
                  </th>
                  <th scope="col" className={cn(head, right)}>
                    Would be
                  </th>
                  <th scope="col" className={cn(head, right)}>
                    Change
                  </th>
                </tr>
              </thead>
              <tbody>
                {rows.map((row) => (
                  <tr key={row.name}>
                    <th scope="row" className={cn(cell, "text-left font-normal")}>
                      {row.name}
                    </th>
                    <td className={cn(cell, right)}>{row.before ?? "–"}</td>
                    <td className={cn(cell, right)}>{row.after}</td>
                    <td className={cn(cell, right, "text-text-2")}>{row.difference}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </ScrollRegion>
          <Evidence replay={replay} />
          <Shares replay={replay} />
        </>
      )}
    </div>
  );
}

const ESTIMATED = "bg-[repeating-linear-gradient(135deg,var(--warning-fg)_0_3px,var(--surface)_3px_6px)]";

/** How much of the answer is known to be so. */
function Evidence({ replay }: { replay: RoutingReplay }) {
  const { evidence, unknown, estimate, successRate } = replay;
  const margin = estimate.decisions > 0 ? ` (± ${successRate.uncertaintyPoints.toFixed(1)} points)` : "";
  const parts = [
    { ...evidence, look: "bg-accent-solid", words: "evidence: the same provider, and how it ended is known" },
    { ...unknown, look: "bg-border-strong", words: "the same provider, never decided" },
    {
      ...estimate,
      look: ESTIMATED,
      words: `estimate${margin}: by the chance that routing expected of the other provider then`,
    },
  ];
  return (
    <div>
      <div aria-hidden className="flex h-2 overflow-hidden rounded-full border border-border">
        {parts.map(({ look, share }) => (
          <span key={look} className={look} style={{ width: `${share * 100}%` }} />
        ))}
      </div>
      <ul className="mt-2 grid gap-0.5 text-sm text-text-2">
        {parts.map(({ look, decisions, words }) => (
          <li key={look} className="flex items-start gap-2">
            <span aria-hidden className={cn("mt-[5px] size-2.5 shrink-0 rounded-sm", look)} />
            <span>
              <b className="text-text">{formatCount(decisions)}</b> {words}
            </span>
          </li>
        ))}
      </ul>
    </div>
  );
}

function Shares({ replay }: { replay: RoutingReplay }) {
  return (
    <ScrollRegion label="Share per provider">
      <table className="w-full">
        <caption className="sr-only">How often each provider comes first</caption>
        <thead>
          <tr>
            <th scope="col" className={head}>
              <span className="inline-flex items-center gap-1.5">
                <Scale aria-hidden className="size-3.5" />
                Provider first
              </span>
            </th>
            <th scope="col" className={cn(head, right)}>
              Was
            </th>
            <th scope="col" className={cn(head, right)}>
              Would be
            </th>
            <th scope="col" className={cn(head, right)}>
              Change
            </th>
          </tr>
        </thead>
        <tbody>
          {replay.providers.map((one) => (
            <tr key={one.connectionId}>
              <th scope="row" className={cn(cell, "text-left font-normal")}>
                {providerName(one.provider)}
              </th>
              <Share decisions={one.before} share={one.beforeShare} />
              <Share decisions={one.after} share={one.afterShare} />
              <td className={cn(cell, right, "text-text-2")}>
                {change((one.afterShare - one.beforeShare) * 100, 1, "points")}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollRegion>
  );
}

function Share({ decisions, share }: { decisions: number; share: number }) {
  return (
    <td className={cn(cell, right)}>
      {formatCount(decisions)} <span className="text-sm text-text-3">{formatPercent(share)}</span>
    </td>
  );
}
