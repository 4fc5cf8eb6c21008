const HOUR_MS = 3_600_000;

/** What the form for a recovery offers; "failing" is since the endpoint began to fail. */
export const recoverPresets = [
  { value: "failing", label: "The time since it began to fail", ms: null },
  { value: "1h", label: "The last hour", ms: HOUR_MS },
  { value: "6h", label: "The last 6 hours", ms: 6 * HOUR_MS },
  { value: "24h", label: "The last 24 hours", ms: 24 * HOUR_MS },
  { value: "3d", label: "The last 3 days", ms: 72 * HOUR_MS },
  { value: "7d", label: "The last 7 days", ms: 168 * HOUR_MS },
  // A minute less than the limit, which counts from when the form arrives.
  { value: "30d", label: "The last 30 days", ms: 720 * HOUR_MS - 60_000 },
] as const;

/** The moment that a choice means; null for one that there is not. */
export function recoverSince(choice: string, now: Date, failingSince: string | null): Date | null {
  const preset = recoverPresets.find(({ value }) => value === choice);
  if (preset === undefined) return null;
  if (preset.ms !== null) return new Date(now.getTime() - preset.ms);
  if (failingSince === null) return null;
  // An event is older than its first failed try.
  return new Date(Math.max(Date.parse(failingSince) - HOUR_MS, now.getTime() - 720 * HOUR_MS + 60_000));
}
