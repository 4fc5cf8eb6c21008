import { type DestinationStream, type LevelWithSilent, type Logger, pino } from "pino";
import type { Log } from "./log";
import { isSecretName, maskPersonalText, personalMaskInLog } from "./redaction";

/** PostgreSQL quotes the values of the row in an error's `detail`. */
const isHidden = (name: string) => name === "detail" || isSecretName(name);

const MAX_DEPTH = 6;

/** A copy fit for the log: secret members and customers' data masked, errors as type, message, stack and cause, bigints as text. */
function redact(value: unknown, depth = 0): unknown {
  if (typeof value === "string") return maskPersonalText(value);
  if (typeof value === "bigint") return value.toString();
  if (typeof value !== "object" || value === null) return value;
  if (depth >= MAX_DEPTH) return "[deep]";
  if (value instanceof Date) return value;
  if (value instanceof Uint8Array) return `[${value.byteLength} bytes]`;
  if (Array.isArray(value)) return value.map((item) => redact(item, depth + 1));
  const entries = Object.entries(value).map(([name, member]) => [name, redactMember(name, member, depth)]);
  if (!(value instanceof Error)) return Object.fromEntries(entries);
  return {
    type: value.name,
    message: maskPersonalText(value.message),
    stack: maskPersonalText(value.stack ?? ""),
    ...Object.fromEntries(entries),
    ...(value.cause === undefined ? {} : { cause: redact(value.cause, depth + 1) }),
  };
}

function redactMember(name: string, member: unknown, depth: number): unknown {
  if (isHidden(name) && member !== null && member !== undefined) return "[masked]";
  const mask = typeof member === "string" ? personalMaskInLog(name) : undefined;
  return mask === undefined || typeof member !== "string" ? redact(member, depth + 1) : mask(member);
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
    if (logger.isLevelEnabled(level)) logger[level](redact(fields), maskPersonalText(message));
  };
  return {
    debug: at("debug"),
    info: at("info"),
    warn: at("warn"),
    error: at("error"),
    child: (fields) => wrap(logger.child(redact(fields) as object)),
  };
}
