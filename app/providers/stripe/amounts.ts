import { currencyExponent } from "~/lib/money";

// docs.stripe.com/currencies. What differs from ISO 4217 is all here.

/** Amounts are whole units. MGA is one of them, though ISO 4217 gives it two decimals. */
const ZERO_DECIMAL = new Set("BIF CLP DJF GNF JPY KMF KRW MGA PYG RWF VND VUV XAF XOF XPF".split(" "));
/** Without decimals since long, but sent with two, which must be zero. */
const TWO_ZEROS = new Set(["ISK", "UGX"]);
/** Sent with three decimals, of which the last must be zero. */
const THREE_DECIMAL = new Set(["BHD", "JOD", "KWD", "OMR", "TND"]);

/**
 * Minor units of ours → the integer that Stripe takes, or the reason why it cannot be exact. HUF and TWD are
 * restricted in payouts only, and go as they are.
 */
export function toStripeAmount(amount: bigint, currency: string): { amount: number } | { problem: string } {
  const exponent = currencyExponent(currency);
  if (exponent === null) return { problem: `Stripe does not take ${currency}` };
  let units: bigint;
  if (ZERO_DECIMAL.has(currency)) {
    const one = 10n ** BigInt(exponent);
    if (amount % one !== 0n) return { problem: `Stripe takes whole ${currency} only` };
    units = amount / one;
  } else if (TWO_ZEROS.has(currency)) {
    units = amount * 10n ** BigInt(2 - exponent);
    if (units % 100n !== 0n) return { problem: `Stripe takes whole ${currency} only` };
  } else if (THREE_DECIMAL.has(currency)) {
    if (amount % 10n !== 0n) return { problem: `Stripe takes ${currency} with two decimals at the most` };
    units = amount;
  } else if (exponent === 2) {
    units = amount;
  } else {
    return { problem: `Stripe does not take ${currency}` };
  }
  // The SDK takes numbers; no currency's limit is near this.
  if (units > BigInt(Number.MAX_SAFE_INTEGER)) return { problem: `the amount in ${currency} is too large` };
  return { amount: Number(units) };
}

/** An integer of Stripe's → our minor units. */
export function fromStripeAmount(amount: number, currency: string): bigint {
  const units = BigInt(amount);
  const exponent = currencyExponent(currency) ?? 2;
  if (ZERO_DECIMAL.has(currency)) return units * 10n ** BigInt(exponent);
  if (TWO_ZEROS.has(currency)) return units / 10n ** BigInt(2 - exponent);
  return units;
}
