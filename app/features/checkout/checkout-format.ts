import { nearestWith } from "~/lib/contrast";
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

const numbers = new Map<string, Intl.NumberFormat>();

/** A count as the locale writes it: `1,000`, `1.000`. */
export function formatNumber(value: number, locale: string): string {
  let format = numbers.get(locale);
  if (format === undefined) {
    format = new Intl.NumberFormat(locale, { maximumFractionDigits: 10 });
    numbers.set(locale, format);
  }
  return format.format(value);
}

const WHITE = "#ffffff";
/** The card that the button and the marked method stand on, in the dark scheme (tokens.css, --surface). */
const DARK_SURFACE = "#14161a";

/**
 * A merchant's own colour for the light and the dark scheme; null for what is no #rrggbb colour. White text has
 * 4.5:1 on both (WCAG 2.2, 1.4.3); in the dark scheme its lines are told from the card as well (1.4.11: 3:1).
 */
export function brandColours(color: string | null): { light: string; dark: string } | null {
  if (color === null || !/^#[0-9a-f]{6}$/i.test(color)) return null;
  const light = nearestWith(color.toLowerCase(), "#000000", WHITE, 4.5);
  return { light, dark: nearestWith(light, WHITE, DARK_SURFACE, 3) };
}

/** An e-mail address, phone number or https address as a link; null for anything else. */
export function supportLink(contact: string | null): { href: string; label: string } | null {
  if (contact === null) return null;
  if (/^https:\/\//.test(contact) && URL.canParse(contact))
    return { href: contact, label: new URL(contact).host };
  if (/^[^\s@:/]+@[^\s@:/]+$/.test(contact)) return { href: `mailto:${contact}`, label: contact };
  if (/^\+?[\d ()-]+$/.test(contact))
    return { href: `tel:${contact.replace(/[^+\d]/g, "")}`, label: contact };
  return null;
}
