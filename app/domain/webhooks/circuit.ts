/** What is known of a lane that fails; null of one that does not. */
export interface Circuit {
  /** Without a success between them. */
  failures: number;
  failingSince: Date;
  openedAt: Date | null;
  openUntil: Date | null;
  openings: number;
}

/** So many failures without a success between them open the circuit. */
const OPENS_AT = 5;
const FIRST_WAIT_MS = 10_000;
const LONGEST_WAIT_MS = 5 * 60_000;

/**
 * A lane's circuit after one more try. Five failures in a row open it: nothing is sent for 10 s, then one
 * delivery at a time; each that fails doubles the wait, to five minutes at most (± 10 %), and the first that
 * succeeds closes it. Tries that were under way when it opened change nothing.
 * @param random a number in [0, 1).
 */
export function afterTry(circuit: Circuit | null, isOk: boolean, at: Date, random: number): Circuit | null {
  if (isOk) return null;
  const failures = (circuit?.failures ?? 0) + 1;
  const next: Circuit = {
    failures,
    failingSince: circuit?.failingSince ?? at,
    openedAt: circuit?.openedAt ?? null,
    openUntil: circuit?.openUntil ?? null,
    openings: circuit?.openings ?? 0,
  };
  const isClosed = next.openUntil !== null && next.openUntil > at;
  if (failures < OPENS_AT || isClosed) return next;
  const wait = Math.min(FIRST_WAIT_MS * 2 ** Math.min(next.openings, 20), LONGEST_WAIT_MS);
  return {
    ...next,
    openedAt: next.openedAt ?? at,
    openUntil: new Date(at.getTime() + Math.round(wait * (0.9 + 0.2 * random))),
    openings: next.openings + 1,
  };
}
