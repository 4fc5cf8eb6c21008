import type { SqlValue } from "./database";

/** How one column's text becomes a JavaScript value. */
type Parser = (text: string) => unknown;

/** The first OID of types that migrations made: here only enums and their arrays. */
export const FIRST_USER_OID = 16_384;

const asText: Parser = (text) => text;
const asJson: Parser = (text) => JSON.parse(text);

// The sessions of both drivers run in UTC, so an offset is always "+00".
const asDate: Parser = (text) => new Date(`${text.replace(" ", "T").replace(/\+00(:00)?$/, "")}Z`);

const asBytes: Parser = (text) => {
  // A copy of its own: small Buffers share one pool, and callers may keep or transfer the bytes.
  const hex = Buffer.from(text.slice(2), "hex");
  return new Uint8Array(hex);
};

const scalars: Readonly<Record<number, Parser>> = {
  16: (text) => text === "t",
  17: asBytes,
  20: BigInt,
  21: Number,
  23: Number,
  26: Number,
  114: asJson,
  700: Number,
  701: Number,
  1114: asDate,
  1184: asDate,
  3802: asJson,
};

/** Array type → element type; 0 for elements that stay text (text, name, char, bpchar, varchar, date, numeric, uuid). */
const arrays: Readonly<Record<number, number>> = {
  199: 114,
  1000: 16,
  1001: 17,
  1002: 0,
  1003: 0,
  1005: 21,
  1007: 23,
  1009: 0,
  1014: 0,
  1015: 0,
  1016: 20,
  1021: 700,
  1022: 701,
  1028: 26,
  1115: 1114,
  1182: 0,
  1185: 1184,
  1231: 0,
  2951: 0,
  3807: 3802,
};

/** The parser of a column, by its type's OID. The same table serves both drivers. */
export function parserFor(oid: number): Parser {
  const scalar = scalars[oid];
  if (scalar) return scalar;
  const element = arrays[oid];
  if (element !== undefined) {
    const parseElement = scalars[element] ?? asText;
    return (text) => parseArray(text, parseElement);
  }
  return oid >= FIRST_USER_OID ? parseUserType : asText;
}

/** Every OID that `parserFor` knows, for drivers that want a map. */
export const knownOids: readonly number[] = [...Object.keys(scalars), ...Object.keys(arrays)].map(Number);

/** Enums are text, and no label starts with a brace: what does is an array of them. */
export function parseUserType(text: string): unknown {
  return text.startsWith("{") && text.endsWith("}") ? parseArray(text, asText) : text;
}

/** Reads PostgreSQL's array text, `{1,NULL,"a \"b\"",{…}}`. */
function parseArray(text: string, parseElement: Parser): unknown[] {
  // Arrays with lower bounds come as `[0:1]={…}`; the bounds mean nothing here.
  let at = text.startsWith("[") ? text.indexOf("{") : 0;

  function readArray(): unknown[] {
    const items: unknown[] = [];
    at++;
    while (at < text.length) {
      const char = text.charAt(at);
      if (char === "}") {
        at++;
        return items;
      }
      if (char === ",") at++;
      else if (char === "{") items.push(readArray());
      else if (char === '"') items.push(parseElement(readQuoted()));
      else {
        const word = readWord();
        items.push(word === "NULL" ? null : parseElement(word));
      }
    }
    return items;
  }

  function readQuoted(): string {
    let value = "";
    at++;
    while (at < text.length && text.charAt(at) !== '"') {
      if (text.charAt(at) === "\\") at++;
      value += text.charAt(at);
      at++;
    }
    at++;
    return value;
  }

  function readWord(): string {
    const start = at;
    while (at < text.length && text.charAt(at) !== "," && text.charAt(at) !== "}") at++;
    return text.slice(start, at);
  }

  return readArray();
}

/**
 * A parameter as the text PostgreSQL reads, the same for both drivers: the rules are on `SqlValue`.
 * `undefined` becomes null.
 */
export function toParameter(value: SqlValue | undefined): string | null {
  if (value === null || value === undefined) return null;
  switch (typeof value) {
    case "string":
      return value;
    case "number":
    case "bigint":
    case "boolean":
      return String(value);
    default:
  }
  if (value instanceof Date) return value.toISOString();
  if (value instanceof Uint8Array) {
    return `\\x${Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString("hex")}`;
  }
  if (Array.isArray(value)) return toArrayText(value);
  return JSON.stringify(value);
}

function toArrayText(items: readonly SqlValue[]): string {
  const parts = items.map((item) => {
    if (Array.isArray(item)) return toArrayText(item);
    const text = toParameter(item);
    return text === null ? "NULL" : `"${text.replace(/(["\\])/g, "\\$1")}"`;
  });
  return `{${parts.join(",")}}`;
}
