import { toDecimalText } from "~/lib/money";
import type { Counted } from "./count-sessions.presenter.server";
import type { VolumeView } from "./figures";

type Paid = Pick<Counted, "status" | "currency" | "sessions" | "amount">;

/** What was paid, currency by currency, the one with the most sessions first; a currency of the period before only is last. */
export function volumesOf(current: readonly Paid[], before: readonly Paid[]): VolumeView[] {
  const paid = (rows: readonly Paid[]) => {
    const sums = new Map<string, { sessions: number; amount: bigint }>();
    for (const row of rows) {
      if (row.status !== "SUCCEEDED") continue;
      const sum = sums.get(row.currency) ?? { sessions: 0, amount: 0n };
      sums.set(row.currency, { sessions: sum.sessions + row.sessions, amount: sum.amount + row.amount });
    }
    return sums;
  };
  const earlier = paid(before);
  const now = paid(current);
  for (const currency of earlier.keys())
    if (!now.has(currency)) now.set(currency, { sessions: 0, amount: 0n });
  return [...now]
    .map(([currency, { sessions, amount }]) => {
      const then = earlier.get(currency)?.amount ?? 0n;
      return {
        currency,
        sessions,
        amount: toDecimalText(amount, currency),
        before: toDecimalText(then, currency),
        // Per mille in whole numbers first: sums may be larger than a double can hold.
        change: then === 0n ? null : Number(((amount - then) * 1000n) / then) / 1000,
      };
    })
    .sort((a, b) => b.sessions - a.sessions || (a.currency < b.currency ? -1 : 1));
}
