/** How far back the what-if page looks. */
export const replayPeriods = {
  "24h": { hours: 24, words: "the last 24 hours" },
  "7d": { hours: 7 * 24, words: "the last 7 days" },
  "30d": { hours: 30 * 24, words: "the last 30 days" },
  "90d": { hours: 90 * 24, words: "the last 90 days" },
} as const;
export type ReplayPeriod = keyof typeof replayPeriods;
