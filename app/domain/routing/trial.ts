/**
 * Whose turn it is to be tried. A draw never reaches a connection that is known by a few bad minutes: what would say
 * that it is sound again does not happen, as nobody is sent to it. So where there are customers enough, a small share of
 * them tries the connections that hardly anybody else sees (docs/decisions/008-what-the-routing-bench-taught-us.md).
 */

import type { Evidence } from "./estimate";
import { madeLately } from "./generations";
import { TUNED } from "./tuned";

/**
 * The connection that this customer tries, or null: most customers try none.
 * @param mayBeTried the connections among which the engine chooses; asked for when they are needed, once in a hundred times.
 * @param draw uniform, 0 to below 1.
 */
export function trialOf(
  evidence: Evidence,
  mayBeTried: () => readonly string[],
  segment: string,
  draw: number,
): string | null {
  if (draw >= TUNED.trialShare) return null;
  const connectionIds = mayBeTried();
  if (connectionIds.length < 2) return null;
  const made = connectionIds.map((connectionId) => {
    const known = evidence.connections.get(connectionId)?.cells.get(segment);
    return known === undefined ? 0 : madeLately(known.cell.generations);
  });
  const part = (TUNED.trialShare / connectionIds.length) * made.reduce((sum, own) => sum + own, 0);
  if (part < TUNED.trialMinMade) return null;
  const place = Math.floor((draw / TUNED.trialShare) * connectionIds.length);
  return (made[place] ?? 0) < part ? (connectionIds[place] ?? null) : null;
}
