import type { Actor } from "~/domain/actor";
import type { Services } from "~/domain/services";
import {
  applyTransition,
  requireCheckout,
  resultOf,
  type SimulatorStepResult,
} from "./apply-transition.server";
import { cancelTransition } from "./simulator-state";

/**
 * The customer leaves the simulated provider's page by its cancel button. What is paid stays paid.
 * @throws AppError NOT_FOUND.
 */
export async function cancelSimulatorCheckout(
  _actor: Actor,
  { checkoutId }: { checkoutId: string },
  services: Services,
): Promise<SimulatorStepResult> {
  const row = await requireCheckout(checkoutId, services);
  if (row.state === "expired") return { state: row.state, redirectUrl: row.cancel_url };
  if (row.state !== "open" && row.state !== "requires_action") return resultOf(row);
  return applyTransition(row, cancelTransition, null, services);
}
