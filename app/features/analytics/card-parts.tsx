import { useSearchParams } from "@remix-run/react";
import { withParams } from "~/components/data-table/search-params";
import { formatCount, formatPercent, LOCALE } from "~/components/ui/format";
import { Segmented } from "~/components/ui/segmented";
import { TextLink } from "~/components/ui/text-link";
import type { AnalyticsFile } from "~/contracts/analytics";

export const HINT = "Click a point for its sessions, drag to zoom.";

export const inWords = (parts: string[]) =>
  new Intl.ListFormat(LOCALE, { type: "conjunction" }).format(parts);

/** A share as a percentage; a dash where there is none. */
export const rateText = (rate: number | null) => (rate === null ? "–" : formatPercent(rate));

/** 0.858 and 0.846 → "1.2 points more"; null where one of them is missing. */
export function changeInPoints(now: number | null, before: number | null): string | null {
  if (now === null || before === null) return null;
  const change = Math.round((now - before) * 1000) / 10;
  if (change === 0) return "as much";
  return `${Math.abs(change).toFixed(1)} points ${change > 0 ? "more" : "less"}`;
}

/** In a column: "+1.2", "−0.8", "0.0"; "new" where there was nothing before. */
export function pointsText(now: number | null, before: number | null): string {
  if (now === null) return "–";
  if (before === null) return "new";
  return signed(Math.round((now - before) * 1000) / 10, (points) => `${points.toFixed(1)} pts`);
}

/** The change of a number, as a percentage with its sign; "new" where there was nothing before. */
export function changeText(now: number, before: number): string {
  if (before === 0) return now === 0 ? "–" : "new";
  return signed(now / before - 1, (share) => formatPercent(share));
}

export function signed(change: number, format: (size: number) => string): string {
  const text = format(Math.abs(change));
  if (!/[1-9]/.test(text)) return text;
  return `${change > 0 ? "+" : "−"}${text}`;
}

/** A link to the numbers of a card as a file, with the page's period and filters. Nothing where `to` is null. */
export function CsvLink({ to, file }: { to: string | null; file: AnalyticsFile }) {
  const [params] = useSearchParams();
  if (to === null) return null;
  const query = new URLSearchParams(params);
  query.set("chart", file);
  return (
    <TextLink to={`${to}?${query}`} reloadDocument prefetch="none">
      Download CSV
    </TextLink>
  );
}

/** Exclusive choices that live in a search parameter; the first is the one that holds without it. */
export function Choice<Value extends string>({
  label,
  name,
  current,
  options,
}: {
  label: string;
  name: string;
  current: Value;
  options: readonly { value: Value; label: string }[];
}) {
  const [params] = useSearchParams();
  return (
    <Segmented
      label={label}
      items={options.map(({ value, label: words }, place) => ({
        to: withParams(params, { [name]: place === 0 ? null : value }),
        label: words,
        current: value === current,
      }))}
    />
  );
}

/** "1 session", "20,184 sessions". */
export const sessionsText = (count: number) =>
  `${formatCount(count)} ${count === 1 ? "session" : "sessions"}`;
