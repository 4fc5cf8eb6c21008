export type OutcomeOfSession = "paid" | "declined" | "expired";

/**
 * A router as the bench sees it. Providers and segments are numbers (world.ts), times are seconds of the virtual
 * clock; a policy knows nothing but what it is told here.
 */
export interface Policy {
  /** The providers in the order in which they are to be tried. The array may be reused by the next call. */
  order(segment: number, session: number, now: number): ArrayLike<number>;
  /** False: the provider must not be tried now after all (another call probes it). */
  mayTry?(provider: number, now: number): boolean;
  /** Seconds that a create at a provider may take, and after which it is overdue; without it, 4 s and never. */
  patience?(provider: number): { timeOut: number; overdue: number };
  /** A create has not been answered for as long as `patience` says; how it ends is told later. */
  onOverdue?(provider: number, now: number): void;
  /** A create was answered, refused, or timed out after `latency` seconds. */
  onCreate(provider: number, segment: number, ok: boolean, latency: number, now: number): void;
  /** @param took seconds since the customer came. */
  onOutcome(provider: number, segment: number, outcome: OutcomeOfSession, now: number, took: number): void;
}
