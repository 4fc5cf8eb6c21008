import { currencyExponent } from "~/lib/money";

/** An amount in pieces, in the locale's order: the page makes the currency's code smaller than the digits. */
export interface AmountPart {
  kind: "currency" | "number";
  text: string;
}

const formats = new Map<string, Intl.NumberFormat>();

function formatOf(locale: string, currency: string): Intl.NumberFormat {
  const key = `${locale} ${currency}`;
  let format = formats.get(key);
  if (format === undefined) {
    const digits = currencyExponent(currency) ?? 2;
    format = new Intl.NumberFormat(locale, {
      style: "currency",
      currency,
      currencyDisplay: "code",
      minimumFractionDigits: digits,
      // Unit prices may be finer than the currency.
      maximumFractionDigits: 10,
    });
    formats.set(key, format);
  }
  return format;
}

/** A decimal text ("140.76") in pieces; its digits never pass through a float. */
export function amountParts(decimal: string, currency: string, locale: string): AmountPart[] {
  // Node and browsers format decimal strings exactly (Intl.NumberFormat v3); TypeScript's type is narrower.
  const parts = formatOf(locale, currency).formatToParts(decimal as `${number}`);
  const pieces: AmountPart[] = [];
  for (const { type, value } of parts) {
    const kind = type === "currency" ? "currency" : "number";
    if (type === "literal" && value.trim() === "") continue;
    const last = pieces.at(-1);
    if (last?.kind === kind) last.text += value;
    else pieces.push({ kind, text: value });
  }
  return pieces;
}

/** The digits alone: `140.76`, `140,76`. */
export function amountDigits(decimal: string, currency: string, locale: string): string {
  return amountParts(decimal, currency, locale)
    .filter(({ kind }) => kind === "number")
    .map(({ text }) => text)
    .join("");
}

/** jane@example.com → j•••@example.com: the page's address may be forwarded to others. */
export function maskEmail(email: string): string {
  const at = email.lastIndexOf("@");
  return at < 1 ? "•••" : `${[...email][0] ?? ""}•••${email.slice(at)}`;
}

/** A merchant's own colour with a text colour that can be read on it; null for what is no #rrggbb colour. */
export function readableAccent(color: string | null): { accent: string; onAccent: string } | null {
  const [, hex] = /^#([0-9a-f]{6})$/i.exec(color ?? "") ?? [];
  if (hex === undefined) return null;
  const channel = (offset: number) => {
    const value = Number.parseInt(hex.slice(offset, offset + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  };
  const luminance = 0.2126 * channel(0) + 0.7152 * channel(2) + 0.0722 * channel(4);
  // White text has 4.5:1 on anything darker than this (WCAG 2.2, 1.4.3); dark text has more on the rest.
  return { accent: `#${hex}`, onAccent: 1.05 / (luminance + 0.05) >= 4.5 ? "#ffffff" : "#15181d" };
}
