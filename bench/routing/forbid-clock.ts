/**
 * Runs `work` with every real clock and every source of chance replaced by one that throws: what a world or a policy
 * does must follow from the seed alone.
 */
export function withoutClock<Result>(work: () => Result): Result {
  const kept = { Date: globalThis.Date, now: performance.now, random: Math.random };
  const forbid = (what: string) => (): never => {
    throw new Error(`${what} was called: a policy or a world looked outside the bench`);
  };
  globalThis.Date = new Proxy(kept.Date, {
    construct: (target, args, newTarget) =>
      args.length === 0 ? forbid("new Date()")() : Reflect.construct(target, args, newTarget),
    apply: forbid("Date()"),
    get: (target, key) => (key === "now" ? forbid("Date.now") : Reflect.get(target, key)),
  });
  performance.now = forbid("performance.now");
  Math.random = forbid("Math.random");
  try {
    return work();
  } finally {
    globalThis.Date = kept.Date;
    performance.now = kept.now;
    Math.random = kept.random;
  }
}
