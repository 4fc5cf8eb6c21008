// What must not be kept or shown, in one place (reliability.md, promise 9): the structured log, the API request
// log and the exchanges with providers all ask here.
import { maskedEmail, maskedPhone, personalMembers } from "./personal-data";

/** What stands where a secret, or a person's own data, was. */
export const REDACTED = "[redacted]";

/** Members that hold a secret, whatever holds them. Compared in lower case and without `_` and `-`. */
const SECRET_NAMES = new Set([
  "authorization",
  "cookie",
  "setcookie",
  "credentials",
  "passwordhash",
  "tokenhash",
  "databaseurl",
  "cardnumber",
  "cvc",
  "cvv",
]);
/** Any member that ends so: newPassword, signing_secret, accessToken, api-key, smtpUrl. */
const SECRET_ENDINGS = /(password|passphrase|secret|token|apikey|fullkey|privatekey|secretkey|smtpurl)$/;

const plainName = (name: string) => name.toLowerCase().replace(/[_-]/g, "");

/** Whether a member of this name is never logged, shown or stored in the clear. */
export function isSecretName(name: string): boolean {
  const plain = plainName(name);
  return SECRET_NAMES.has(plain) || SECRET_ENDINGS.test(plain);
}

/** Secrets inside running text: keys, signing secrets, bearer tokens, JWTs, `token=` in a query, a URL's password, the paths of checkout pages, share links and invitations. */
const SECRET_TEXT: readonly [RegExp, string][] = [
  [/\bks_(live|test)_[0-9A-Za-z]+/g, "ks_$1_[masked]"],
  [/\bwhsec_[0-9A-Za-z+/=]+/g, "whsec_[masked]"],
  [/\b([sr]k)_(live|test)_[0-9A-Za-z]+/g, "$1_$2_[masked]"],
  [/\bBearer\s+[\x21-\x7E]+/gi, "Bearer [masked]"],
  [/\beyJ[\w-]{8,1000}\.[\w-]{1,4000}\.[\w-]{1,1000}/g, "[masked token]"],
  [/([?&](?:token|access_token|code|password|secret|key|signature)=)[^&\s#"]+/gi, "$1[masked]"],
  // The same inside another address's query, as in returnTo.
  [/((?:%3F|%26)(?:token|access_token|code|password|secret|key|signature)%3D)[^&\s#"%]+/gi, "$1[masked]"],
  [/(\w:\/\/[^\s:/@]*:)[^\s@/]+@/g, "$1[masked]@"],
  [/(\/(?:pay|share|invitations|simulator\/[\w-]+)\/)[\w-]{12,}/g, "$1[masked]"],
];

/** Something that one of SECRET_TEXT's patterns cannot do without: nearly all texts are let through by this alone. */
const MAY_HOLD_SECRET =
  /k_(?:live|test)_|ks_|whsec_|bearer|eyJ|[?&][a-z_]+=|%3D|:\/\/|\/pay\/|\/share\/|\/invitations\/|\/simulator\//i;

/** The text without secrets. */
export function maskText(text: string): string {
  if (!MAY_HOLD_SECRET.test(text)) return text;
  let masked = text;
  for (const [pattern, replacement] of SECRET_TEXT) masked = masked.replace(pattern, replacement);
  return masked;
}

/** A person's own data by the member that holds it, compared as secrets are, and what stays of it. */
const PERSONAL = new Map(personalMembers.map((member) => [member.name, member]));

// Bounded, as addresses are: without that, a long run of letters would cost the square of its length.
const EMAIL = /[\p{L}\p{N}._%+-]{1,64}@[\p{L}\p{N}-]{1,63}(?:\.[\p{L}\p{N}-]{1,63})+/gu;
const PHONE = /\+\d(?:[ -]?\d){7,14}\b/g;
const CARD = /\b\d(?:[ -]?\d){12,18}\b/g;

/** Ids and times, which most texts of the API are, and in which a digit means nothing. */
const ID_OR_TIME =
  /^(?:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z)$/;

/** The text without secrets, e-mail addresses, telephone numbers and card numbers. */
export function maskPersonalText(text: string): string {
  if (ID_OR_TIME.test(text)) return text;
  let masked = maskText(text);
  if (masked.includes("@")) masked = masked.replace(EMAIL, maskedEmail);
  // Most texts have no run of digits that long.
  if (/\d(?:[ -]?\d){7}/.test(masked)) {
    masked = masked
      .replace(PHONE, maskedPhone)
      .replace(CARD, (digits) => (isCardNumber(digits) ? `•••• ${digits.slice(-4)}` : digits));
  }
  return masked;
}

/** Luhn's check, so that an order number stays readable. */
function isCardNumber(text: string): boolean {
  const digits = text.replace(/\D/g, "");
  let sum = 0;
  for (let index = 0; index < digits.length; index++) {
    const digit = Number(digits[digits.length - 1 - index]);
    const doubled = index % 2 === 0 ? digit : digit * 2;
    sum += doubled > 9 ? doubled - 9 : doubled;
  }
  return digits.length >= 13 && sum % 10 === 0;
}

/** How a member of this name is masked because it holds a person's data; undefined where the name says nothing of it. */
export function personalMask(name: string): ((value: string) => string) | undefined {
  return PERSONAL.get(plainName(name))?.mask;
}

/** The same for our own log, in which some of these names are a machine's. */
export function personalMaskInLog(name: string): ((value: string) => string) | undefined {
  const member = PERSONAL.get(plainName(name));
  return member?.isAmbiguous ? undefined : member?.mask;
}
