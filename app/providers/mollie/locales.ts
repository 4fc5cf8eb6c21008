/** Locales of Mollie's checkout (docs.mollie.com, Create payment); it refuses every other. */
const LOCALES =
  `en_US en_GB nl_NL nl_BE fr_FR fr_BE de_DE de_AT de_CH es_ES ca_ES pt_PT it_IT nb_NO sv_SE fi_FI da_DK is_IS
   hu_HU pl_PL lv_LV lt_LT`.split(/\s+/);

/** Mollie's locale for ours (en_AU or en-AU): the same, else another of its language; null when there is none. */
export function mollieLocale(locale: string | null): string | null {
  if (locale === null) return null;
  const wanted = locale.replace("-", "_");
  const [language] = wanted.split("_");
  // en_AU is nearer to en_GB than to en_US, which stands first.
  if (language === "en" && wanted !== "en_US") return "en_GB";
  return (
    LOCALES.find((one) => one === wanted) ?? LOCALES.find((one) => one.startsWith(`${language}_`)) ?? null
  );
}
