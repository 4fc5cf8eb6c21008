import { type DestinationStream, type LevelWithSilent, type Logger, pino } from "pino";
import type { Log } from "./log";

/** Members whose value is never logged, whatever holds them (reliability.md, promise 9). Compared in lower case. */
const SECRET_NAMES = new Set([
  "authorization",
  "cookie",
  "set-cookie",
  "password",
  "currentpassword",
  "newpassword",
  "passwordhash",
  "fullkey",
  "apikey",
  "signingsecret",
  "secret",
  "credentials",
  "token",
  "tokenhash",
  "accesstoken",
  "refreshtoken",
  "checkouttoken",
  "appsecret",
  "app_secret",
  "database_url",
  "databaseurl",
  "cardnumber",
  "cvc",
  // PostgreSQL quotes the values of the row in it.
  "detail",
]);

/** Secrets inside running text: keys, signing secrets, bearer tokens, `token=` in a query, a URL's password, a checkout page's path. */
const SECRET_TEXT: readonly [RegExp, string][] = [
  [/\bks_(live|test)_[0-9A-Za-z]+/g, "ks_$1_[masked]"],
  [/\bwhsec_[0-9A-Za-z+/=]+/g, "whsec_[masked]"],
  [/\bBearer\s+[\x21-\x7E]+/gi, "Bearer [masked]"],
  [/([?&](?:token|access_token|code|password)=)[^&\s#"]+/gi, "$1[masked]"],
  [/(\w:\/\/[^\s:/@]*:)[^\s@/]+@/g, "$1[masked]@"],
  [/(\/(?:pay|simulator\/[\w-]+)\/)[\w-]{12,}/g, "$1[masked]"],
];

const MAX_DEPTH = 6;

/** The text without what must not leave. */
export function maskText(text: string): string {
  let masked = text;
  for (const [pattern, replacement] of SECRET_TEXT) masked = masked.replace(pattern, replacement);
  return masked;
}

/** A copy fit for the log: secret members masked, errors as type, message, stack and cause, bigints as text. */
function redact(value: unknown, depth = 0): unknown {
  if (typeof value === "string") return maskText(value);
  if (typeof value === "bigint") return value.toString();
  if (typeof value !== "object" || value === null) return value;
  if (depth >= MAX_DEPTH) return "[deep]";
  if (value instanceof Date) return value;
  if (value instanceof Uint8Array) return `[${value.byteLength} bytes]`;
  if (Array.isArray(value)) return value.map((item) => redact(item, depth + 1));
  const entries = Object.entries(value).map(([name, member]) => [
    name,
    SECRET_NAMES.has(name.toLowerCase()) && member !== null && member !== undefined
      ? "[masked]"
      : redact(member, depth + 1),
  ]);
  if (!(value instanceof Error)) return Object.fromEntries(entries);
  return {
    type: value.name,
    message: maskText(value.message),
    stack: maskText(value.stack ?? ""),
    ...Object.fromEntries(entries),
    ...(value.cause === undefined ? {} : { cause: redact(value.cause, depth + 1) }),
  };
}

/** The structured log: one JSON object a line, on stdout unless `destination` says otherwise. */
export function createLog(level: LevelWithSilent, destination?: DestinationStream): Log {
  const options = {
    level,
    base: null,
    timestamp: () => `,"time":"${new Date().toISOString()}"`,
    // `redact` made plain objects of errors already.
    serializers: { err: (error: unknown) => error },
    formatters: { level: (label: string) => ({ level: label }) },
  };
  return wrap(pino(options, destination ?? stdout()));
}

/** Lines are collected for a tenth of a second: a write for each would be a tenth of what a request costs. */
function stdout(): DestinationStream {
  return pino.destination({ dest: 1, sync: false, minLength: 4096, periodicFlush: 100 });
}

function wrap(logger: Logger): Log {
  const at = (level: "debug" | "info" | "warn" | "error") => (fields: object, message: string) => {
    if (logger.isLevelEnabled(level)) logger[level](redact(fields), maskText(message));
  };
  return {
    debug: at("debug"),
    info: at("info"),
    warn: at("warn"),
    error: at("error"),
    child: (fields) => wrap(logger.child(redact(fields) as object)),
  };
}
