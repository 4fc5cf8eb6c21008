import type { PaymentMethodResource } from "~/contracts/payment-methods";
import { paymentMethods } from "~/contracts/sessions";
import { exclusionOf, type RoutingConnection, type Snapshot } from "./decide.server";

/**
 * The payment methods that these connections could take at this moment, as routing sees it (routing.md §1:
 * active, with an adapter and credentials, breaker closed or a probe due). Null narrows nothing. Pure.
 */
export function usableMethods(
  snapshot: Snapshot,
  wish: { currency: string | null; country: string | null },
  nowMs: number,
): PaymentMethodResource[] {
  return paymentMethods.flatMap((paymentMethod) => {
    const usable = snapshot.connections.filter(
      (connection) => exclusionOf(connection, { paymentMethod, ...wish }, nowMs) === null,
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
