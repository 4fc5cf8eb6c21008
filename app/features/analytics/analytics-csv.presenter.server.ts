import type { AnalyticsFile } from "~/contracts/analytics";
import type { Services } from "~/domain/services";
import { csvLine } from "~/lib/csv";
import { toDecimalText } from "~/lib/money";
import { dayOf, isoIn } from "~/lib/zoned-time";
import {
  type AnalyticsInput,
  type AnalyticsView,
  presentAnalytics,
  presentAnalyticsDurations,
} from "./analytics.presenter.server";
import { countSessions } from "./count-sessions.presenter.server";
import { conversionOf, share, successRateOf } from "./figures";
import { periodOf } from "./period";

type Cells = (string | number | null)[];

/** The numbers of one of the page's cards, oldest first; times in the page's zone, amounts exact, durations in ms. */
export async function analyticsCsv(
  input: AnalyticsInput,
  file: AnalyticsFile,
  services: Services,
): Promise<{ text: string; name: string }> {
  const view = await presentAnalytics(input, services);
  const { timeZone } = view.zone;
  const at = view.bars.map(({ from, to }) => [
    isoIn(new Date(from), timeZone),
    isoIn(new Date(to), timeZone),
  ]);
  const rows = await rowsOf(input, view, file, at, services);
  const day = dayOf(services.clock.now(), timeZone);
  return { text: rows.map(csvLine).join(""), name: `analytics-${file}-${input.mode}-${day}.csv` };
}

async function rowsOf(
  input: AnalyticsInput,
  view: AnalyticsView,
  file: AnalyticsFile,
  at: readonly string[][],
  services: Services,
): Promise<Cells[]> {
  const inBars = (header: string[], rowsOfBar: (bar: number) => Cells[]): Cells[] => [
    ["from", "to", ...header],
    ...at.flatMap((ends, bar) => rowsOfBar(bar).map((row) => [...ends, ...row])),
  ];
  switch (file) {
    case "success": {
      const { by, figures } = view.success;
      const header = ["created", "paid", "failed", "expired", "open", "success_rate", "conversion"];
      return inBars([by, ...header], (bar) =>
        Object.entries(figures[bar] ?? {})
          .sort(byName)
          .map(([key, own]) => {
            const { SUCCEEDED, FAILED, EXPIRED } = own.byStatus;
            const open = own.created - SUCCEEDED - FAILED - EXPIRED;
            return [
              key,
              own.created,
              SUCCEEDED,
              FAILED,
              EXPIRED,
              open,
              successRateOf(own),
              conversionOf(own),
            ];
          }),
      );
    }
    case "failures":
      return inBars(["reason", "sessions"], (bar) =>
        Object.entries(view.failures.counts[bar] ?? {}).sort(byName),
      );
    case "funnel": {
      const [created] = view.funnel;
      return [
        ["step", "sessions", "of_created", "sessions_before", "of_created_before"],
        ...view.funnel.map(({ stage, sessions, before }) => [
          stage,
          sessions,
          share(sessions, created?.sessions ?? 0),
          before,
          share(before, created?.before ?? 0),
        ]),
      ];
    }
    case "volume": {
      const bars = await paidByBar(input, services);
      return inBars(["currency", "paid_sessions", "amount"], (bar) => bars[bar] ?? []);
    }
    case "create-time":
    case "pay-time": {
      const durations = await presentAnalyticsDurations(input, services);
      const { bars } = file === "create-time" ? durations.create : durations.pay;
      const by = file === "create-time" ? "provider" : "method";
      return inBars([by, "durations", "p50_ms", "p90_ms", "p95_ms", "p99_ms"], (bar) =>
        Object.entries(bars[bar] ?? {})
          .sort(byName)
          .map(([key, { count, p50, p90, p95, p99 }]) => [key, count, ...[p50, p90, p95, p99].map(rounded)]),
      );
    }
  }
}

const byName = ([a]: [string, unknown], [b]: [string, unknown]) => (a < b ? -1 : 1);
const rounded = (ms: number | null) => (ms === null ? null : Math.round(ms));

/** What was paid in each bar, every currency in its own decimals. */
async function paidByBar(input: AnalyticsInput, services: Services): Promise<Cells[][]> {
  const { query, merchantId, applicationId, mode } = input;
  const { from, to, isOpen, starts } = periodOf(query, query.zone ?? input.timeZone, services.clock.now());
  const { bars } = await countSessions(
    {
      ...{ merchantId, applicationId, mode, from, to: isOpen ? null : to, starts },
      breakdowns: ["currency"],
      filters: { provider: query.provider, method: query.method, currency: query.currency },
    },
    services,
  );
  const paid = bars.currency.filter(({ status }) => status === "SUCCEEDED");
  return starts.map((_, bar) =>
    paid
      .filter((row) => row.bar === bar)
      .sort((a, b) => (a.key < b.key ? -1 : 1))
      .map(({ key, sessions, amount }) => [key, sessions, toDecimalText(amount, key)]),
  );
}
