import type { Actor } from "~/domain/actor";
import type { Services } from "~/domain/services";
import {
  applyTransition,
  isCheckoutLucky,
  requireCheckout,
  resultOf,
  type SimulatorStepResult,
} from "./apply-transition.server";
import { challengeTransition } from "./simulator-state";

/**
 * Answers the 3-D Secure step. A second answer changes nothing.
 * @throws AppError NOT_FOUND.
 */
export async function completeChallenge(
  _actor: Actor,
  { checkoutId, passed }: { checkoutId: string; passed: boolean },
  services: Services,
): Promise<SimulatorStepResult> {
  const row = await requireCheckout(checkoutId, services);
  if (row.state !== "requires_action") return resultOf(row);
  return applyTransition(
    row,
    challengeTransition(passed, await isCheckoutLucky(row, services)),
    null,
    services,
  );
}
