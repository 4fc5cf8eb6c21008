import { Badge } from "~/components/ui/badge";
import { cn } from "~/components/ui/cn";
import { Check, ChevronRight, CircleX } from "~/components/ui/icons";
import { ScrollRegion } from "~/components/ui/scroll-region";
import type { CandidateView, ResultBadge } from "./candidates";

const badgeIcons = {
  success: <Check />,
  danger: <CircleX />,
  warning: null,
  info: <ChevronRight />,
  neutral: <ChevronRight />,
} as const;

const head =
  "border-b border-border bg-surface-sunken px-2.5 py-2 text-sm font-medium whitespace-nowrap text-text-3";
const cell = "px-2.5 py-2 whitespace-nowrap";

function RoutingBadge({ badge }: { badge: ResultBadge }) {
  return (
    <Badge tone={badge.tone} icon={badgeIcons[badge.tone]}>
      {badge.text}
    </Badge>
  );
}

/** Every candidate of a decision with its factors; a card for each on phones. */
export function CandidatesTable({ rows }: { rows: readonly CandidateView[] }) {
  const figures = (row: CandidateView) => [
    ["Score", row.score],
    ["Success", row.success],
    ["Cost", row.cost],
    ["Speed", row.speed],
    ["Available", row.available],
    ["Sample", row.sample],
    ["Newest", row.newest],
  ];
  return (
    <>
      <ScrollRegion label="Candidates" className="rounded-lg border border-border bg-surface max-sm:hidden">
        <table className="w-full text-left">
          <caption className="sr-only">
            Routing candidates, in the order in which they were to be tried
          </caption>
          <thead>
            <tr>
              <th scope="col" className={cn(head, "w-8 pr-0 text-right")}>
                #
              </th>
              <th scope="col" className={head}>
                Provider
              </th>
              {["Score", "Success", "Cost", "Speed", "Available", "Sample", "Newest"].map((name) => (
                <th key={name} scope="col" className={cn(head, "text-right")}>
                  {name}
                </th>
              ))}
              <th scope="col" className={head}>
                Result
              </th>
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <tr
                key={`${row.rank}${row.provider}`}
                className={cn(
                  "border-b border-border last:border-b-0",
                  row.isWinner && "bg-success-bg/40",
                  row.rank === "–" && "text-text-2",
                )}
              >
                <td className={cn(cell, "pr-0 text-right text-text-3")}>{row.rank}</td>
                <th scope="row" className={cn(cell, "font-normal")}>
                  {row.provider}
                </th>
                {figures(row).map(([name, value], index) => (
                  <td key={name} className={cn(cell, "text-right", index === 0 && "font-bold")}>
                    {value}
                  </td>
                ))}
                <td className={cell}>
                  <RoutingBadge badge={row.result} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </ScrollRegion>
      <ul className="overflow-hidden rounded-lg border border-border bg-surface sm:hidden">
        {rows.map((row) => (
          <li
            key={`${row.rank}${row.provider}`}
            className={cn("border-b border-border p-3 last:border-b-0", row.isWinner && "bg-success-bg/40")}
          >
            <p className="flex flex-wrap items-center justify-between gap-2">
              <b>{row.provider}</b> <RoutingBadge badge={row.result} />
            </p>
            <dl className="mt-2 grid grid-cols-4 gap-x-3 gap-y-1.5 text-sm">
              {figures(row).map(([name, value]) => (
                <div key={name}>
                  <dt className="text-text-3">{name}</dt>
                  <dd>{value}</dd>
                </div>
              ))}
            </dl>
          </li>
        ))}
      </ul>
    </>
  );
}
