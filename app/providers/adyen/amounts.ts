import { currencyExponent } from "~/lib/money";

/** Decimals of Adyen's minor units where they differ from ISO 4217 (docs.adyen.com, Currency codes). */
const OWN_DECIMALS: Readonly<Record<string, number>> = { CLP: 2, CVE: 0, IDR: 0, ISK: 2 };

/**
 * Our minor units (ISO 4217) as Adyen counts them: 2790 ISK → 279000.
 * @throws RangeError for an amount that Adyen cannot say: IDR and CVE have no decimals there; more than
 *   JSON numbers hold exactly.
 */
export function toAdyenValue(minor: bigint, currency: string): number {
  const shift = shiftOf(currency);
  const factor = 10n ** BigInt(Math.abs(shift));
  if (shift < 0 && minor % factor !== 0n) throw new RangeError(`${currency} has no decimals at Adyen`);
  const value = Number(shift < 0 ? minor / factor : minor * factor);
  if (!Number.isSafeInteger(value)) throw new RangeError("the amount is too large");
  return value;
}

/**
 * Adyen's minor units as ours. @throws RangeError for a part of one that ISO 4217 does not have (ISK 0.50).
 */
export function fromAdyenValue(value: bigint, currency: string): bigint {
  const shift = shiftOf(currency);
  const factor = 10n ** BigInt(Math.abs(shift));
  if (shift > 0 && value % factor !== 0n) throw new RangeError(`${value} ${currency} is no whole amount`);
  return shift > 0 ? value / factor : value * factor;
}

function shiftOf(currency: string): number {
  const exponent = currencyExponent(currency);
  if (exponent === null) throw new RangeError(`${currency} is not a current ISO 4217 currency`);
  return (OWN_DECIMALS[currency] ?? exponent) - exponent;
}
