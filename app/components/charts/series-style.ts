const DASHES = [undefined, "6 3", "2 3", "8 3 2 3", "1 2", "10 4"] as const;

/**
 * Colour and dash of the series at a place (from 0) of an order that is the same on every page, as names by
 * alphabet. `round` is the how-manieth of the same name it is, of `names`: it keeps the colour, in another dash.
 */
export function seriesStyle(place: number, round = 0, names = 0): { color: string; dash?: string } {
  const dash = DASHES[(place + round * names) % DASHES.length];
  return { color: `var(--series-${(place % 3) + 1})`, ...(dash ? { dash } : {}) };
}
