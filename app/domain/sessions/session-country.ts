import type { PaymentSession } from "~/db/generated/client";

/** The country of the billing address; null for a session that has none (api.md §5.5). */
export function countryOf({ customer }: Pick<PaymentSession, "customer">): string | null {
  const { billingAddress } = (customer ?? {}) as { billingAddress?: { country?: unknown } };
  return typeof billingAddress?.country === "string" ? billingAddress.country : null;
}
