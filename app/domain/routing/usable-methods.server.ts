import type { PaymentMethodResource } from "~/contracts/payment-methods";
import type { Rules } from "~/contracts/routing-rules";
import { paymentMethods } from "~/contracts/words";
import { exclusionOf, type RoutingConnection, type Snapshot } from "./decide.server";
import { ruleExclusion } from "./rules";

/**
 * The payment methods that these connections could take at this moment, as routing sees it (routing.md §1:
 * active, with an adapter and credentials, breaker closed or a probe due, and not excluded by the merchant's
 * rules). Null narrows nothing. Pure.
 */
export function usableMethods(
  snapshot: Snapshot,
  rules: Rules,
  wish: { currency: string | null; country: string | null; amount: number | null },
  nowMs: number,
): PaymentMethodResource[] {
  return paymentMethods.flatMap((paymentMethod) => {
    const usable = snapshot.connections
      .filter((connection) => exclusionOf(connection, { paymentMethod, ...wish }, nowMs) === null)
      .map((connection) => ({
        ...connection,
        currencies: connection.currencies.filter(
          (currency) =>
            ruleExclusion(rules, connection.connectionId, {
              paymentMethod,
              currency,
              country: wish.country,
              amount: currency === wish.currency ? wish.amount : null,
            }) === null,
        ),
      }))
      .filter(({ currencies }) =>
        wish.currency === null ? currencies.length > 0 : currencies.includes(wish.currency),
      );
    if (usable.length === 0) return [];
    const all = (pick: (connection: RoutingConnection) => readonly string[]) =>
      [...new Set(usable.flatMap(pick))].sort();
    const isWorldwide = usable.some(({ countries }) => countries.length === 0);
    return [
      {
        paymentMethod,
        currencies: all(({ currencies }) => currencies),
        countries: isWorldwide ? [] : all(({ countries }) => countries),
      },
    ];
  });
}
