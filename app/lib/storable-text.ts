/** What PostgreSQL's text and JSON cannot hold: NUL, and half a surrogate pair. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: PostgreSQL refuses it
const UNSTORABLE = /\u0000|\p{Surrogate}/gu;
/** Without the flag `u` any half matches, also of a whole pair: a quick first look. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: the same
const MAY_BE_UNSTORABLE = /[\u0000\uD800-\uDFFF]/;

/** The text with U+FFFD in place of what PostgreSQL cannot store. Cut before, not after: a cut may halve a pair. */
export const storable = (text: string): string =>
  MAY_BE_UNSTORABLE.test(text) ? text.replace(UNSTORABLE, "\uFFFD") : text;
