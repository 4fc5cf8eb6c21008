/** What old rows of one kind may take of a sweep, in milliseconds: a backlog goes over some minutes. */
export const SHARE_MS = 5_000;

/**
 * Runs pieces of work in turns, a batch of each at a time, until all are done or `ms` are over: a large backlog of
 * one keeps none of the others waiting. Each says whether it has more to do.
 */
export async function inTurns(work: readonly (() => Promise<boolean>)[], ms: number): Promise<void> {
  const end = performance.now() + ms;
  let left = [...work];
  while (left.length > 0) {
    const more: typeof left = [];
    for (const batch of left) {
      if (performance.now() >= end) return;
      if (await batch()) more.push(batch);
    }
    left = more;
  }
}
