import { parse } from "lossless-json";

/**
 * A JSON number as it was written. `JSON.parse` turns 140.760 or 0.1 into the nearest binary
 * fraction before anyone can look; money must be read from the number's own digits (api.md §5.1).
 */
export class JsonNumber {
  constructor(readonly text: string) {}
  toJSON(): number {
    return Number(this.text);
  }
  toString(): string {
    return this.text;
  }
}

const SAFE_INTEGER = /^-?(?:0|[1-9]\d{0,14})$/;

/**
 * Parses JSON; plain integers of up to 15 digits become numbers, every other number a JsonNumber.
 * @throws SyntaxError when the text is not JSON, or an object repeats a key with another value.
 */
export function parseJson(text: string): unknown {
  return parse(text, null, (digits) => (SAFE_INTEGER.test(digits) ? Number(digits) : new JsonNumber(digits)));
}
