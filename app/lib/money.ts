import Big from "big.js";
import currencyCodes from "currency-codes";

// A digit string longer than this, or a larger exponent, is no amount of money, and would cost
// memory to expand.
const DECIMAL = /^-?\d{1,40}(?:\.\d{1,40})?(?:[eE][+-]?\d{1,2})?$/;

/** An exact decimal from the digits of a JSON number or a form field; null when it is none. */
export function parseDecimal(text: string): Big | null {
  return DECIMAL.test(text) ? new Big(text) : null;
}

/** What ISO 4217 got after the package's list of June 2024. */
const NEWER: Readonly<Record<string, number>> = { XCG: 2 };
/** What it lost since, or before without the package noticing. Old sessions still read in them. */
const WITHDRAWN: ReadonlySet<string> = new Set(["ANG", "BGN", "CUC"]);
/** Codes without a minor unit ("N.A."): metals, units of account, tests and "no currency". No amount can be in them. */
const NO_MONEY: ReadonlySet<string> = new Set(
  "XAG XAU XBA XBB XBC XBD XDR XPD XPT XSU XTS XUA XXX".split(" "),
);

/** Decimals of an ISO 4217 currency (JPY 0, AUD 2, KWD 3), withdrawn ones included; null when there is no such currency. */
export function currencyExponent(currency: string): number | null {
  return NEWER[currency] ?? currencyCodes.code(currency)?.digits ?? null;
}

/** Whether new payments may be in it: a current ISO 4217 code that is money (api.md §5.1). */
export function isCurrentCurrency(currency: string): boolean {
  return currencyExponent(currency) !== null && !WITHDRAWN.has(currency) && !NO_MONEY.has(currency);
}

/** Number of decimals that `value` really has: 140.760 has 2. */
export function decimalsOf(value: Big): number {
  return Math.max(0, value.c.length - 1 - value.e);
}

/**
 * Minor units of a decimal amount: 140.76 AUD → 14076n.
 * @throws RangeError when the currency is unknown or the amount has more decimals than it.
 */
export function toMinorUnits(amount: Big | string, currency: string): bigint {
  const exponent = currencyExponent(currency);
  if (exponent === null) throw new RangeError(`${currency} is not a current ISO 4217 currency`);
  const minor = new Big(amount).times(new Big(10).pow(exponent));
  if (decimalsOf(minor) > 0) throw new RangeError(`${currency} has ${exponent} decimals`);
  return BigInt(minor.toFixed(0));
}

/**
 * The decimal text of an amount in minor units, with the currency's own decimals: 14076n AUD → "140.76".
 * @throws RangeError when the currency is unknown.
 */
export function toDecimalText(minor: bigint, currency: string): string {
  const exponent = currencyExponent(currency);
  if (exponent === null) throw new RangeError(`${currency} is not a current ISO 4217 currency`);
  const sign = minor < 0n ? "-" : "";
  const digits = (minor < 0n ? -minor : minor).toString().padStart(exponent + 1, "0");
  if (exponent === 0) return sign + digits;
  return `${sign}${digits.slice(0, -exponent)}.${digits.slice(-exponent)}`;
}

/** Beyond what a column of eight bytes holds nothing is asked. */
const LARGEST = 10n ** 18n;

/**
 * A decimal amount as a bound in minor units: `usual` for currencies of two decimals, and for each other number of
 * decimals its currencies. With `currency` given, `usual` is its own and nothing is special. A "min" that falls
 * between two minor units is the upper one, a "max" the lower.
 */
export function minorUnitBounds(
  amount: string,
  edge: "min" | "max",
  currency?: string,
): { usual: bigint; special: { currencies: string[]; minor: bigint }[] } {
  const decimal = parseDecimal(amount) ?? new Big(0);
  const minor = (exponent: number) => {
    const rounded = decimal
      .times(new Big(10).pow(exponent))
      .round(0, edge === "min" ? Big.roundUp : Big.roundDown);
    const exact = BigInt(rounded.toFixed(0));
    return exact > LARGEST ? LARGEST : exact;
  };
  if (currency !== undefined) return { usual: minor(currencyExponent(currency) ?? 2), special: [] };
  const special = [0, 1, 3, 4].flatMap((exponent) => {
    const currencies = currencyCodes.codes().filter((code) => currencyExponent(code) === exponent);
    return currencies.length > 0 ? [{ currencies, minor: minor(exponent) }] : [];
  });
  return { usual: minor(2), special };
}
