import type { ReactNode } from "react";
import { cn } from "~/components/ui/cn";
import { formatCount, formatPercent } from "~/components/ui/format";
import { cell, MiniTable } from "~/components/ui/mini-table";
import { Money } from "~/components/ui/money";
import type { VolumeView } from "./figures";

/** What was paid in each currency, beside the period before. */
export function VolumeRows({
  volumes,
  beforeWords,
  nameOf = (currency) => currency,
}: {
  volumes: readonly VolumeView[];
  beforeWords: string;
  nameOf?: (currency: string) => ReactNode;
}) {
  return (
    <MiniTable
      caption="Paid volume by currency, with the period before"
      columns={[
        { label: "Currency" },
        { label: "Sessions paid", right: true },
        { label: "Volume", right: true },
        { label: `In ${beforeWords}`, right: true, isWide: true },
        { label: "Change", right: true },
      ]}
    >
      {volumes.map((volume) => (
        <tr key={volume.currency}>
          <th scope="row" className={cn(cell, "text-left font-normal")}>
            {nameOf(volume.currency)}
          </th>
          <td className={cn(cell, "text-right")}>{formatCount(volume.sessions)}</td>
          <td className={cn(cell, "text-right font-bold")}>
            <Money amount={volume.amount} currency={volume.currency} />
          </td>
          <td className={cn(cell, "text-right text-text-2 max-sm:hidden")}>
            <Money amount={volume.before} currency={volume.currency} />
          </td>
          <td className={cn(cell, "text-right text-text-2")}>
            {volume.change === null
              ? "new"
              : `${volume.change > 0 ? "+" : volume.change < 0 ? "−" : ""}${formatPercent(Math.abs(volume.change))}`}
          </td>
        </tr>
      ))}
    </MiniTable>
  );
}
