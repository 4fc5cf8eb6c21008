import { z } from "zod";

/** The environment is not usable; `problems` has one clear line for each variable at fault. */
export class EnvError extends Error {
  override readonly name = "EnvError";
  constructor(readonly problems: readonly string[]) {
    super(problems.join("\n"));
  }
}

const TRUE = new Set(["true", "1", "yes", "on"]);
const FALSE = new Set(["false", "0", "no", "off"]);

/** A whole number of at least `min`. */
function integer(min: number, max: number) {
  return z
    .string()
    .regex(/^\d{1,10}$/, "must be a whole number")
    .transform(Number)
    .refine((value) => value >= min && value <= max, `must be from ${min} to ${max}`);
}

const flag = z
  .string()
  .refine((value) => TRUE.has(value.toLowerCase()) || FALSE.has(value.toLowerCase()), "must be true or false")
  .transform((value) => TRUE.has(value.toLowerCase()));

/** An origin only: a path in it would be lost in every link that is built from it. */
const origin = z
  .string()
  .refine((value) => {
    if (!URL.canParse(value)) return false;
    const url = new URL(value);
    return /^https?:$/.test(url.protocol) && url.pathname === "/" && url.search === "" && url.username === "";
  }, "must be an origin like https://pay.example.com")
  .transform((value) => new URL(value).origin);

/** An address to which paths are added; only the operator names these, so that no merchant can aim our calls. */
const baseUrl = z
  .string()
  .refine((value) => {
    if (!URL.canParse(value)) return false;
    const url = new URL(value);
    return /^https?:$/.test(url.protocol) && url.search + url.hash + url.username + url.password === "";
  }, "must be an address like https://api.example.com/v1")
  .transform((value) => value.replace(/\/+$/, ""));

const secretRing = z
  .string()
  .transform((value) => value.split(",").map((secret) => secret.trim()))
  .refine(
    (ring) => ring.every((secret) => secret.length >= 32),
    "each secret must have at least 32 characters",
  );

/** One variable's line in tables and in .env.example; `fallback` is what an unset one means, in words or as a value. */
interface VariableMeta {
  description: string;
  fallback: string;
}

const describe = <Schema extends z.ZodType>(schema: Schema, fallback: string, description: string): Schema =>
  schema.meta({ description, fallback } satisfies VariableMeta) as Schema;

/** Every variable there is. An empty value counts as unset. */
export const envSchema = z.object({
  NODE_ENV: describe(
    z.enum(["development", "test", "production"]).default("production"),
    "production",
    "What this process is for; `npm start` and `npm run dev` set it.",
  ),
  PORT: describe(integer(0, 65_535).default(3000), "3000", "TCP port to listen on; 0 takes any free one."),
  HOST: describe(
    z.string().max(255).optional(),
    "127.0.0.1 while APP_URL is on localhost, otherwise 0.0.0.0",
    "Address to listen on. The demo merchant's password is public, so a local start is not offered to the network.",
  ),
  APP_URL: describe(
    origin.optional(),
    "http://localhost:PORT",
    "The public origin, as browsers and merchants see it. With https, plain http API calls are refused.",
  ),
  SELF_URL: describe(
    origin.optional(),
    "a server: http://127.0.0.1:PORT; a worker: APP_URL",
    "Where this process reaches a server, for the simulated providers' webhooks. Where APP_URL cannot be reached from a worker.",
  ),
  DATA_DIR: describe(
    z.string().default(".data"),
    ".data",
    "Directory of the embedded database and its secret.",
  ),
  DATABASE_URL: describe(
    z.string().optional(),
    "unset: the embedded database in DATA_DIR",
    "PostgreSQL, postgresql://user:password@host:5432/name. Needs APP_SECRET.",
  ),
  DATABASE_POOL_SIZE: describe(
    integer(1, 500).default(10),
    "10",
    "PostgreSQL connections of this process, besides up to four that many calls share.",
  ),
  DATABASE_STATEMENT_TIMEOUT_MS: describe(
    integer(0, 3_600_000).default(15_000),
    "15000",
    "PostgreSQL ends a statement that runs longer, in milliseconds; 0 never does.",
  ),
  APP_SECRET: describe(
    secretRing.optional(),
    "made and kept in DATA_DIR with the embedded database; required with DATABASE_URL",
    "Encrypts what is secret at rest and signs tokens: 32 characters or more. Several, comma-separated, rotate: the first encrypts, all decrypt.",
  ),
  LOG_LEVEL: describe(
    z.enum(["silent", "error", "warn", "info", "debug"]).default("info"),
    "info",
    "The least level that is logged: silent, error, warn, info or debug.",
  ),
  ALLOW_LOCAL_WEBHOOKS: describe(
    flag.optional(),
    "true while APP_URL is on http://localhost, otherwise false",
    "Whether test-mode webhooks may go to http://localhost.",
  ),
  TRUST_PROXY: describe(
    flag.default(false),
    "false",
    "Whether X-Forwarded-For, -Proto and -Host are believed: true only behind a proxy that sets them itself.",
  ),
  SEED_DEMO: describe(
    flag.optional(),
    "true with the embedded database, otherwise false",
    "Whether an empty database gets the demo merchant at start.",
  ),
  RUN_JOBS: describe(
    flag.default(true),
    "true",
    "Whether the server runs jobs itself; false where `npm run worker` does.",
  ),
  NODE_CLUSTER: describe(
    integer(1, 64).default(1),
    "1",
    "Servers that `npm start` forks on this machine, sharing the port. Above 1 needs DATABASE_URL; each has its own pool.",
  ),
  CREATE_DEADLINE_MS: describe(
    // Below the lease of an idempotency key, 30 s: a running create is nobody's to take over.
    integer(100, 20_000).default(10_000),
    "10000",
    "The deadline of one session create, shared out among its tries, in milliseconds.",
  ),
  PROVIDER_TIMEOUT_MS: describe(
    integer(50, 60_000).default(4_000),
    "4000",
    "The longest wait for one provider's answer to a create, in milliseconds.",
  ),
  RATE_LIMIT_LIVE: describe(
    integer(0, 1_000_000).default(100),
    "100",
    "Requests a second that one live API key may make; 0 is no limit.",
  ),
  RATE_LIMIT_TEST: describe(
    integer(0, 1_000_000).default(25),
    "25",
    "Requests a second that one test API key may make; 0 is no limit.",
  ),
  RATE_LIMIT_USER: describe(
    integer(0, 1_000_000).default(600),
    "600",
    "Management API requests a minute that one user may make; 0 is no limit.",
  ),
  STRIPE_BASE_URL: describe(origin.optional(), "Stripe's own", "The origin of Stripe's API."),
  ADYEN_BASE_URL: describe(
    baseUrl.optional(),
    "Adyen's own: checkout-test.adyen.com in test mode, the merchant's live endpoint in live mode",
    "Where Adyen's Checkout API is, in both modes.",
  ),
  MOLLIE_BASE_URL: describe(baseUrl.optional(), "Mollie's own", "Where Mollie's API is, without /v2."),
  KIOTAPAY_BASE_URL: describe(
    baseUrl.optional(),
    "unset: no live connections to Kiotapay, which names its production address to its merchants only",
    "Where Kiotapay's production API is, with its version; tokens come from /api/v1/get-token there.",
  ),
  KIOTAPAY_SANDBOX_BASE_URL: describe(
    baseUrl.optional(),
    "Kiotapay's own",
    "Where Kiotapay's sandbox API is, with its version; tokens come from /api/v1/get-token there.",
  ),
  SMTP_URL: describe(
    z
      .string()
      .refine(
        (value) => URL.canParse(value) && /^smtps?:$/.test(new URL(value).protocol),
        "must be an address like smtps://user:password@mail.example.com:465",
      )
      .optional(),
    "unset: mail goes to the log, and in development to /dev/mail",
    "The server that mail is sent through.",
  ),
  MAIL_FROM: describe(
    z
      .string()
      .regex(
        /^[^<>\r\n]*<?[^\s@<>]+@[^\s@<>]+>?$/,
        "must be an address like Kadosei <no-reply@pay.example.com>",
      )
      .optional(),
    "Kadosei <no-reply@the host of APP_URL>",
    "Whom mail is from.",
  ),
  PROVIDER_DOWN_MINUTES: describe(
    integer(1, 10_080).default(5),
    "5",
    "How long a live provider fails before its merchants are told, in minutes.",
  ),
  METRICS_TOKEN: describe(
    z.string().min(16, "must have at least 16 characters").optional(),
    "unset: there is no /metrics",
    "What Prometheus sends as a bearer token to read /metrics.",
  ),
  OTEL_EXPORTER_OTLP_ENDPOINT: describe(
    baseUrl.optional(),
    "unset: nothing is traced",
    "Where an OpenTelemetry collector takes OTLP over HTTP, without /v1/traces.",
  ),
  SHUTDOWN_TIMEOUT_MS: describe(
    integer(0, 600_000).default(20_000),
    "20000",
    "How long a shutdown waits for running requests, then for running jobs, then for the job queue's own statements: for each of them, in milliseconds.",
  ),
  DEV_PAGES: describe(flag.default(false), "false", "Whether the /dev pages answer outside development."),
});

type ParsedEnv = z.output<typeof envSchema>;

/** The environment with every default filled in; `APP_SECRET` is null when the data directory's own is to be used. */
export interface Env
  extends Omit<
    ParsedEnv,
    "HOST" | "APP_URL" | "APP_SECRET" | "ALLOW_LOCAL_WEBHOOKS" | "MAIL_FROM" | "SEED_DEMO"
  > {
  HOST: string;
  APP_URL: string;
  APP_SECRET: readonly string[] | null;
  ALLOW_LOCAL_WEBHOOKS: boolean;
  MAIL_FROM: string;
  SEED_DEMO: boolean;
}

/** @throws EnvError with one line for each problem; values are never repeated, they may be secrets. */
export function parseEnv(source: Readonly<Record<string, string | undefined>>): Env {
  const given = Object.fromEntries(
    Object.keys(envSchema.shape)
      .map((name) => [name, source[name]?.trim()])
      .filter(([, value]) => value !== undefined && value !== ""),
  );
  const result = envSchema.safeParse(given);
  if (!result.success) {
    throw new EnvError(
      result.error.issues.map((issue) => {
        const options =
          issue.code === "invalid_value" ? `must be one of ${issue.values.join(", ")}` : issue.message;
        return `${String(issue.path[0])} ${options}`;
      }),
    );
  }
  const env = result.data;
  if (env.DATABASE_URL !== undefined && env.APP_SECRET === undefined) {
    throw new EnvError(["APP_SECRET is required with DATABASE_URL: 32 random characters or more, kept safe"]);
  }
  const appUrl = env.APP_URL ?? `http://localhost:${env.PORT}`;
  const local = isLocal(new URL(appUrl));
  return {
    ...env,
    APP_URL: appUrl,
    HOST: env.HOST ?? (local ? "127.0.0.1" : "0.0.0.0"),
    APP_SECRET: env.APP_SECRET ?? null,
    ALLOW_LOCAL_WEBHOOKS: env.ALLOW_LOCAL_WEBHOOKS ?? (local && appUrl.startsWith("http:")),
    MAIL_FROM: env.MAIL_FROM ?? `Kadosei <no-reply@${new URL(appUrl).hostname}>`,
    SEED_DEMO: env.SEED_DEMO ?? env.DATABASE_URL === undefined,
  };
}

/** Whether the /dev pages answer. */
export const hasDevPages = ({ NODE_ENV, DEV_PAGES }: Pick<Env, "NODE_ENV" | "DEV_PAGES">): boolean =>
  NODE_ENV === "development" || DEV_PAGES;

/** Whether only this machine reaches it. */
export function isLocal(url: URL): boolean {
  return url.hostname === "localhost" || url.hostname === "127.0.0.1" || url.hostname === "[::1]";
}

/** Name, description and default of every variable, in order: for .env.example and the documentation. */
export function describeEnv(): { name: string; description: string; fallback: string }[] {
  return Object.entries(envSchema.shape).map(([name, schema]) => {
    const { description = "", fallback = "" } = (schema.meta() ?? {}) as Partial<VariableMeta>;
    return { name, description, fallback };
  });
}
