/** The languages of the hosted checkout, by their own names (product.md, "Hosted checkout"). */
export const languages = [
  { code: "en", name: "English" },
  { code: "fr", name: "Français" },
  { code: "de", name: "Deutsch" },
  { code: "es", name: "Español" },
  { code: "ja", name: "日本語" },
  { code: "sw", name: "Kiswahili" },
] as const;

export type Language = (typeof languages)[number]["code"];

export const languageCodes = languages.map(({ code }) => code) as [Language, ...Language[]];
