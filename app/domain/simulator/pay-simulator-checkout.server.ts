import type { TestCard, TestPhone } from "~/contracts/test-cards";
import type { Actor } from "~/domain/actor";
import type { Services } from "~/domain/services";
import {
  applyTransition,
  isCheckoutLucky,
  type Payer,
  requireCheckout,
  resultOf,
  type SimulatorStepResult,
} from "./apply-transition.server";
import { transitionOf } from "./simulator-state";

/** `payWith` is what readCardForm or readPhoneForm found: real cards never get this far. */
export interface PaySimulatorCheckout {
  checkoutId: string;
  payWith: TestCard | TestPhone;
}

/**
 * Pays an open checkout at the simulated provider. Paying twice changes nothing and leads to the same place.
 * @throws AppError NOT_FOUND.
 */
export async function paySimulatorCheckout(
  _actor: Actor,
  { checkoutId, payWith }: PaySimulatorCheckout,
  services: Services,
): Promise<SimulatorStepResult> {
  const row = await requireCheckout(checkoutId, services);
  if (row.state !== "open") return resultOf(row);
  const transition = transitionOf(payWith.outcome, await isCheckoutLucky(row, services));
  return applyTransition(row, transition, payerOf(payWith), services);
}

function payerOf(payWith: TestCard | TestPhone): Payer {
  return "brand" in payWith
    ? { cardBrand: payWith.brand, cardLast4: payWith.number.replaceAll(" ", "").slice(-4), phoneLast3: null }
    : { cardBrand: null, cardLast4: null, phoneLast3: payWith.number.slice(-3) };
}
