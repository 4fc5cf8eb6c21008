import countries from "i18n-iso-countries";

/** True for a current ISO 3166-1 alpha-2 code in capitals. */
export function isCountryCode(code: string): boolean {
  return /^[A-Z]{2}$/.test(code) && countries.isValid(code);
}
