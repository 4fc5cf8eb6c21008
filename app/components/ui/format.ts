/** The dashboard's language. One place, so that a later choice of language has one place to go to. */
export const LOCALE = "en-AU";

const decimals = new Map<string, Intl.NumberFormat>();

/** Constructing an Intl formatter costs more than using it: one per shape, kept (stack.md, traps). */
function decimalFormat(fractionDigits: number): Intl.NumberFormat {
  const key = String(fractionDigits);
  let format = decimals.get(key);
  if (!format) {
    format = new Intl.NumberFormat(LOCALE, {
      minimumFractionDigits: fractionDigits,
      maximumFractionDigits: fractionDigits,
    });
    decimals.set(key, format);
  }
  return format;
}

/** A whole number with separators: `20,184`. */
export function formatCount(count: number): string {
  return decimalFormat(0).format(count);
}

/** A share of 1 as a percentage: 0.858 → `85.8%`. */
export function formatPercent(share: number, fractionDigits = 1): string {
  return `${decimalFormat(fractionDigits).format(share * 100)}%`;
}

function isDecimal(text: string): text is `${number}` {
  return /^-?\d+(\.\d+)?$/.test(text);
}

/**
 * A decimal string with separators and exactly the decimals it came with: `"1150.00"` → `1,150.00`.
 * The digits never pass through a float; text that is no decimal comes back as it is.
 */
export function formatDecimal(amount: string): string {
  if (!isDecimal(amount)) return amount;
  return decimalFormat(Math.min(amount.split(".")[1]?.length ?? 0, 20)).format(amount);
}
