import type { PaymentMethodResource } from "~/contracts/payment-methods";
import type { ApiKeyActor } from "~/domain/actor";
import type { Services } from "~/domain/services";
import { authorise } from "~/domain/users/permissions";
import { readSnapshot } from "./read-snapshot.server";
import { usableMethods } from "./usable-methods.server";

/**
 * What the key's application could really take now, in the key's mode (api.md §5.6). No provider is named.
 * With a currency or country only the connections that take it count.
 */
export async function listPaymentMethods(
  actor: ApiKeyActor,
  input: { currency?: string | undefined; country?: string | undefined },
  services: Services,
): Promise<PaymentMethodResource[]> {
  authorise(actor, "sessions.create");
  const { snapshot } = await readSnapshot(actor, services);
  const wish = { currency: input.currency ?? null, country: input.country ?? null };
  return usableMethods(snapshot, wish, services.clock.now().getTime());
}
