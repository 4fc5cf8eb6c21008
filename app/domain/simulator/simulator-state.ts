import type { TestOutcome } from "~/contracts/test-cards";
import type { SimulatorState } from "~/providers/simulator/backend";

/** What a step at the simulated provider's page leads to. */
export interface Transition {
  state: SimulatorState;
  failureCode: string | null;
  /** The state that follows by itself after so many seconds. */
  next: { state: SimulatorState; failureCode: string | null; after: number } | null;
  /** False where the provider keeps silent until `next`. */
  notifiesNow: boolean;
}

function at(state: SimulatorState, failureCode: string | null = null): Transition {
  return { state, failureCode, next: null, notifiesNow: true };
}

/**
 * Whether a payment that would succeed does, at a success rate of 0–1. `share` is the checkout's own
 * number in [0, 1): the same checkout always has the same luck.
 */
export function isLucky(successRate: number, share: number): boolean {
  return share < successRate;
}

/** What paying with a test card or number leads to; `lucky` is isLucky's word on it. */
export function transitionOf(outcome: TestOutcome, lucky: boolean): Transition {
  const end = lucky
    ? { state: "paid" as const, failureCode: null }
    : { state: "failed" as const, failureCode: "card_declined" };
  switch (outcome.kind) {
    case "paid":
      return at(end.state, end.failureCode);
    case "failed":
      return at("failed", outcome.failureCode);
    case "challenge":
      return at("requires_action");
    case "late":
      return { ...at("processing"), next: { ...end, after: outcome.after }, notifiesNow: false };
    case "processing": {
      const result =
        outcome.next === "paid" ? end : { state: "failed" as const, failureCode: outcome.failureCode };
      return { ...at("processing"), next: { ...result, after: outcome.after } };
    }
  }
}

/** What answering 3-D Secure leads to. */
export function challengeTransition(passed: boolean, lucky: boolean): Transition {
  if (!passed) return at("failed", "authentication_failed");
  return transitionOf({ kind: "paid" }, lucky);
}

export const cancelTransition: Transition = at("cancelled", "customer_cancelled");
