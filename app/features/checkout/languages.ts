import { type Language, languages } from "~/contracts/checkout-languages";

function languageOf(tag: string): Language | null {
  const primary = tag.trim().toLowerCase().split(/[-_]/)[0];
  return languages.find(({ code }) => code === primary)?.code ?? null;
}

export interface LocaleSources {
  /** What the customer chose on the page: `?lang=`. */
  chosen: string | null;
  /** The session's locale: en_AU or en-AU. */
  session: string | null;
  acceptLanguage: string | null;
  /** The application's own, for customers whose language is none of ours. */
  fallback: string | null;
}

/**
 * The page's language, and the locale in which it writes numbers and times: the customer's choice first,
 * then the session's locale, then the browser's languages, then the application's own, then English.
 */
export function chooseLocale({ chosen, session, acceptLanguage, fallback }: LocaleSources): {
  language: Language;
  locale: string;
} {
  const accepted = (acceptLanguage ?? "").split(",").map((part) => part.split(";")[0]?.trim() ?? "");
  const wishes = [session ?? "", ...accepted].map((tag) => tag.replaceAll("_", "-"));
  const language =
    (chosen === null ? null : languageOf(chosen)) ??
    wishes.map(languageOf).find((found) => found !== null) ??
    (fallback === null ? null : languageOf(fallback)) ??
    "en";
  // A region that goes with the language writes 1,234.50 as the customer's country does.
  const regional = wishes.find((tag) => languageOf(tag) === language && isLocale(tag));
  return { language, locale: regional ?? language };
}

function isLocale(tag: string): boolean {
  try {
    return Intl.getCanonicalLocales(tag).length === 1;
  } catch {
    return false;
  }
}
