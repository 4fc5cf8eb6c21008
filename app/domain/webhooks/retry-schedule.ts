const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** Waits after the first, second, … failed try (api.md §6). */
const WAITS_MS = [
  5_000,
  5 * MINUTE,
  30 * MINUTE,
  2 * HOUR,
  5 * HOUR,
  10 * HOUR,
  14 * HOUR,
  20 * HOUR,
  24 * HOUR,
];

/** An endpoint that failed this long is deactivated (api.md §6). */
export const DEACTIVATE_AFTER_MS = 5 * 24 * HOUR;

/**
 * Milliseconds until the next try after `failedTries` failed ones, ± 10 % so that a recovered endpoint
 * is not stormed; null when the schedule is used up.
 * @param random a number in [0, 1).
 */
export function nextWaitMs(failedTries: number, random: number): number | null {
  const wait = WAITS_MS[failedTries - 1];
  return wait === undefined ? null : Math.round(wait * (0.9 + 0.2 * random));
}
