import type { PaymentMethodResource } from "~/contracts/payment-methods";
import { noRules } from "~/contracts/routing-rules";
import type { ApiKeyActor } from "~/domain/actor";
import type { Services } from "~/domain/services";
import { authorise } from "~/domain/users/permissions";
import { readSnapshot } from "./read-snapshot.server";
import { usableMethods } from "./usable-methods.server";

/**
 * What the key's application could really take now, in the key's mode (api.md §5.6). No provider is named.
 * With a currency, country or amount only the connections that take it count.
 */
export async function listPaymentMethods(
  actor: ApiKeyActor,
  input: { currency?: string | undefined; country?: string | undefined; amount?: string | undefined },
  services: Services,
): Promise<PaymentMethodResource[]> {
  authorise(actor, "sessions.create");
  const { snapshot, settings } = await readSnapshot(actor, services);
  const wish = {
    currency: input.currency ?? null,
    country: input.country ?? null,
    amount: input.amount === undefined ? null : Number(input.amount),
  };
  return usableMethods(snapshot, settings.rules ?? noRules, wish, services.clock.now().getTime());
}
