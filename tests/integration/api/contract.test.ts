import type { RouteConfigEntry } from "@remix-run/route-config";
import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { exampleSessionBody } from "~/contracts/example-session";
import { errorTable } from "~/lib/errors";
import { newId } from "~/lib/ids";
import config from "~/routes";
import { startTestApp, type TestApp } from "../../support/app";
import { createApiKey, createApplication, createShop, decisionOf, PASSWORD } from "../../support/factories";

// api.md says what every answer looks like. Here every route of app/routes.ts is called with input that
// nobody means well: at least 2,000 generated calls, the same ones each time. `npm test -- --runs 100000 --seed 7`
// makes more, and others.
const RUNS = Number(process.env.CONTRACT_RUNS ?? 60);
const SEED = Number(process.env.CONTRACT_SEED ?? 20261121);

const paths = ((await config) as RouteConfigEntry[]).flatMap(({ path }) =>
  path?.startsWith("api/") ? [`/${path}`] : [],
);

/** What a route's calls are about: its own, because some of them delete it. */
interface Things {
  ownerToken: string;
  email: string;
  key: string;
  ids: Record<string, string>;
}

// ---- What api.md documents -----------------------------------------------------------------------

const id = z.uuid();
const time = z.iso.datetime();
const mode = z.enum(["live", "test"]);
const application = z.strictObject({
  id,
  name: z.string().max(100),
  description: z.string().nullable(),
  isEnabled: z.boolean(),
  unfulfilledAfterMinutes: z.int().nullable(),
  timeZone: z.string().nullable(),
  displayName: z.string().nullable(),
  accentColor: z.string().nullable(),
  checkoutLanguage: z.string().nullable(),
  supportContact: z.string().nullable(),
  createdAt: time,
  updatedAt: time,
});
const key = z.strictObject({
  id,
  applicationId: id,
  keyPrefix: z.string().length(12),
  description: z.string(),
  mode,
  expiresAt: time.nullable(),
  createdAt: time,
});
const createdKey = key.extend({ fullKey: z.string().regex(/^ks_(live|test)_[0-9A-Za-z]{38}$/) });
const listedKey = key.extend({
  lastUsedAt: time.nullable(),
  lastUsedIp: z.string().nullable(),
  revokedAt: time.nullable(),
  rolledToId: id.nullable(),
});
const connection = z.strictObject({
  id,
  applicationId: id,
  provider: z.string(),
  mode,
  isActive: z.boolean(),
  isSimulated: z.boolean(),
  paymentMethods: z.array(z.string()),
  currencies: z.array(z.string()),
  countries: z.array(z.string()),
  fees: z.array(z.strictObject({ percent: z.string(), fixed: z.string(), currency: z.string() })),
  priority: z.int().nullable(),
  credentialsFingerprint: z.string().nullable(),
  webhookUrl: z.url().nullable(),
  simulatorSettings: z
    .strictObject({ successRate: z.number(), latencyMs: z.int(), outage: z.string() })
    .nullable(),
  lastTestAt: time.nullable(),
  lastTestStatus: z.string().nullable(),
  createdAt: time,
  updatedAt: time,
});
const endpoint = z.strictObject({
  id,
  url: z.string(),
  mode,
  isActive: z.boolean(),
  keyFingerprint: z.string().startsWith("whsec_..."),
  subscribedEvents: z.array(z.string()),
  lastTestAt: time.nullable(),
  lastTestStatus: z.string().nullable(),
  createdAt: time,
  updatedAt: time,
});
const endpointWithSecret = endpoint.extend({ signingSecret: z.string().startsWith("whsec_") });
const share = z.strictObject({ decisions: z.int(), share: z.number().min(0).max(1) });
const routingSettings = z.strictObject({
  applicationId: id,
  mode,
  version: z.int().min(0),
  weights: z.strictObject({ margin: z.number(), cost: z.number(), speed: z.number() }),
  rules: z.strictObject({
    pins: z.array(z.strictObject({ key: z.string(), value: z.string(), connectionId: id })),
    splits: z.array(
      z.strictObject({
        paymentMethod: z.string().nullable(),
        currency: z.string().nullable(),
        shares: z.array(z.strictObject({ connectionId: id, percent: z.int().min(1).max(100) })).min(1),
      }),
    ),
    priorities: z.array(
      z.strictObject({
        paymentMethod: z.string().nullable(),
        currency: z.string().nullable(),
        minAmount: z.string().nullable(),
        connectionIds: z.array(id).min(1),
      }),
    ),
    limits: z.array(
      z.strictObject({
        connectionId: id,
        currency: z.string(),
        min: z.string().nullable(),
        max: z.string().nullable(),
      }),
    ),
    exclusions: z.array(
      z.strictObject({
        connectionId: id,
        paymentMethod: z.string().nullable(),
        currency: z.string().nullable(),
        country: z.string().nullable(),
      }),
    ),
  }),
  note: z.string().nullable(),
  author: z.strictObject({ id, name: z.string() }).nullable(),
  createdAt: time.nullable(),
});
const routingReplay = z.strictObject({
  from: time,
  to: time,
  decisions: z.int(),
  replayed: z.int(),
  isSample: z.boolean(),
  moved: share.extend({ volumeShare: z.number().min(0).max(1) }),
  evidence: share,
  unknown: share,
  estimate: share,
  unserved: z.strictObject({ before: z.int(), after: z.int() }),
  successRate: z.strictObject({
    before: z.number(),
    after: z.number(),
    changePoints: z.number(),
    uncertaintyPoints: z.number(),
  }),
  fees: z.strictObject({ beforeBps: z.number(), afterBps: z.number(), changeBps: z.number() }),
  providers: z.array(
    z.strictObject({
      connectionId: id,
      provider: z.string(),
      before: z.int(),
      after: z.int(),
      beforeShare: z.number(),
      afterShare: z.number(),
    }),
  ),
  summary: z.string(),
});
/** One of each kind of rule; for `?mode=test`, whose connection this is. */
const routingBody = ({ ids: { connectionId } }: Things) => ({
  weights: { margin: 1, cost: 1.8, speed: 0.5 },
  rules: {
    pins: [{ key: "channel", value: "store", connectionId }],
    splits: [{ paymentMethod: "card", currency: null, shares: [{ connectionId, percent: 100 }] }],
    priorities: [{ paymentMethod: null, currency: "AUD", minAmount: "99.90", connectionIds: [connectionId] }],
    limits: [{ connectionId, currency: "KES", min: 1, max: "5000.50" }],
    exclusions: [{ connectionId, paymentMethod: null, currency: null, country: "SE" }],
  },
});
const delivery = z.looseObject({ id, eventId: id, status: z.string(), attempts: z.array(z.unknown()) });
const recovery = z.strictObject({
  id,
  status: z.enum(["RUNNING", "DONE", "STOPPED"]),
  since: time,
  until: time,
  includeDelivered: z.boolean(),
  totalEvents: z.int(),
  examinedEvents: z.int(),
  queuedDeliveries: z.int(),
  deliveries: z.strictObject({ pending: z.int(), delivered: z.int(), failed: z.int(), cancelled: z.int() }),
  createdAt: time,
  finishedAt: time.nullable(),
});
const factor = z.number().min(0).max(1);
const scores = z.strictObject({
  mode,
  grain: z.enum(["minute", "hour"]),
  from: time,
  to: time,
  series: z.array(
    z.strictObject({
      connectionId: id,
      provider: z.string(),
      segment: z.string(),
      points: z.array(
        z.strictObject({
          at: time,
          score: z.number().min(0).max(100),
          successRate: factor,
          cost: factor,
          speed: factor,
          availability: factor,
          chosen: z.int(),
        }),
      ),
    }),
  ),
  outages: z.array(
    z.strictObject({ connectionId: id, provider: z.string(), from: time, to: time.nullable() }),
  ),
  configChanges: z.array(
    z.strictObject({
      version: z.int(),
      at: time,
      author: z.string().nullable(),
      note: z.string().nullable(),
    }),
  ),
});
const decision = z.strictObject({
  id,
  sessionId: id,
  createdAt: time,
  mode,
  paymentMethod: z.string(),
  currency: z.string().length(3),
  amount: z.number().positive(),
  chosen: z.strictObject({ connectionId: id, provider: z.string(), score: z.number() }).nullable(),
  explored: z.boolean(),
  candidates: z.int(),
  exclusions: z.int(),
  configVersion: z.int(),
});
const apiLog = z.strictObject({
  id,
  requestId: z.string(),
  applicationId: id,
  mode: mode.nullable(),
  method: z.string(),
  route: z.string().startsWith("/api/"),
  path: z.string().startsWith("/api/"),
  query: z.string().nullable(),
  status: z.int(),
  errorCode: z.string().nullable(),
  durationMs: z.int().min(0),
  keyPrefix: z.string().nullable(),
  userId: id.nullable(),
  idempotencyKey: z.string().nullable(),
  idempotencyResult: z.enum(["first", "replayed", "refused"]).nullable(),
  sessionId: id.nullable(),
  orderReference: z.string().nullable(),
  ip: z.string().nullable(),
  userAgent: z.string().nullable(),
  createdAt: time,
});
const session = z.strictObject({
  id,
  orderReference: z.string(),
  status: z.enum(["PENDING", "SUCCEEDED", "FAILED"]),
  paymentMethod: z.string().nullable(),
  providerName: z.string().nullable(),
  failureReason: z.string().nullable(),
  expiresAt: time,
  createdAt: time,
  updatedAt: time,
  amount: z.strictObject({
    total: z.number(),
    shipping: z.number().nullable(),
    tax: z.number().nullable(),
  }),
  currency: z.string().length(3),
  mode,
  applicationId: id,
  customerEmail: z.string().nullable(),
  checkoutReference: z.string(),
});
const createdSession = z.strictObject({
  sessionId: id,
  checkoutUrl: z.string().regex(/^http:\/\/localhost:\d+\/pay\/[\w-]{43}$/),
  status: z.literal("PENDING"),
  routing: z.strictObject({ selectedProvider: z.string(), score: z.number() }),
  expiresAt: time,
  createdAt: time,
});
const checkoutSession = z.strictObject({
  id,
  checkoutRef: z.string().startsWith("chk_"),
  checkoutUrl: z.string().regex(/^http:\/\/localhost:\d+\/pay\/[\w-]{43}$/),
  status: z.enum(["PENDING", "REQUIRES_ACTION", "PROCESSING", "SUCCEEDED", "FAILED", "EXPIRED"]),
  amount: z.number().positive(),
  currency: z.string().length(3),
  paymentMethods: z.array(z.enum(["CARD", "MPESA_STK"])).min(1),
  expiresAt: time,
  createdAt: time,
});
const paymentMethod = z.strictObject({
  paymentMethod: z.enum(["card", "mpesa_stk"]),
  currencies: z.array(z.string().length(3)),
  countries: z.array(z.string().length(2)),
});
const tokens = z.strictObject({
  accessToken: z.string(),
  tokenType: z.literal("Bearer"),
  expiresIn: z.literal(3600),
  refreshToken: z.string(),
});
const nothing = z.null();
const pageOf = (item: z.ZodType) =>
  z.strictObject({
    items: z.array(item),
    page: z.int().min(1),
    limit: z.int().min(1).max(100),
    totalItems: z.int().min(0),
    totalPages: z.int().min(0),
    hasPreviousPage: z.boolean(),
    hasNextPage: z.boolean(),
  });

/** api.md §2: these members, and on some codes a few more beside them. */
const error = z.object({
  statusCode: z.int(),
  error: z.string(),
  message: z.union([z.string().min(1), z.array(z.string().min(1)).min(1)]),
  code: z.enum(Object.keys(errorTable) as [string, ...string[]]),
  requestId: z.string().min(1),
});

interface Documented {
  status: number;
  body: z.ZodType;
  /** Parameters that the example needs. */
  query?: [string, string][];
  /** A body that is taken; the calls spoil it. */
  example?: (things: Things) => unknown;
}

const sessionBody = () => ({
  ...exampleSessionBody("http://localhost:3000"),
  description: "Two of them",
  callbackUrl: "http://localhost:9/callback",
  additionalInformation: { campaign: "spring", visits: 3, isNew: true },
});
const checkoutBody = () => ({
  amount: 140.76,
  currency: "USD",
  description: "Payment for order #12345",
  successUrl: "https://shop.example/paid",
  cancelUrl: "http://localhost:3000/cancelled",
  paymentMethods: ["CARD", "MPESA_STK"],
  externalReference: "ORD-12345",
  customerEmail: "wanjiku@example.com",
  customerPhone: "+254712345678",
  paymentReference: "INV-9",
  callbackUrl: "http://localhost:9/callback",
});
const app = "/api/v1/applications/:applicationId";
const hook = `${app}/webhooks/:webhookId`;

/** A route that is not here fails the first test. */
const documented: Record<string, Documented> = {
  "POST /api/v1/auth/login": {
    status: 200,
    body: tokens,
    example: ({ email }) => ({ email, password: PASSWORD }),
  },
  "POST /api/v1/auth/refresh": { status: 200, body: tokens, example: () => ({ refreshToken: "none" }) },
  "POST /api/v1/merchants/signup": {
    status: 201,
    body: z.strictObject({
      organization: z.strictObject({ id, name: z.string(), timeZone: z.string() }),
      admin: z.strictObject({
        id,
        email: z.string(),
        firstName: z.string(),
        lastName: z.string(),
        role: z.literal("owner"),
      }),
    }),
    query: [["token", "none"]],
    example: ({ email }) => ({
      organization: { name: "Shop", timeZone: "Africa/Nairobi" },
      admin: { email, password: PASSWORD, firstName: "Mara", lastName: "Okafor" },
    }),
  },
  "GET /api/v1/applications": { status: 200, body: pageOf(application) },
  "POST /api/v1/applications": {
    status: 201,
    body: application,
    example: () => ({ name: newId(), description: "A shop" }),
  },
  [`GET ${app}`]: { status: 200, body: application },
  [`PATCH ${app}`]: {
    status: 200,
    body: application,
    example: () => ({ name: newId(), description: null, isEnabled: true, unfulfilledAfterMinutes: 15 }),
  },
  [`DELETE ${app}`]: { status: 204, body: nothing },
  [`GET ${app}/api-keys`]: { status: 200, body: pageOf(listedKey) },
  [`POST ${app}/api-keys`]: {
    status: 201,
    body: createdKey,
    example: () => ({ description: "Key", mode: "test", expiresAt: "2099-01-31T00:00:00Z" }),
  },
  [`DELETE ${app}/api-keys/:keyId`]: { status: 204, body: nothing },
  [`POST ${app}/api-keys/:keyId/roll`]: { status: 201, body: createdKey, example: () => ({ graceHours: 1 }) },
  [`GET ${app}/api-logs`]: { status: 200, body: pageOf(apiLog) },
  [`GET ${app}/api-logs/:logId`]: {
    status: 200,
    body: apiLog.extend({ requestBody: z.unknown(), responseBody: z.unknown() }),
  },
  [`GET ${app}/providers`]: { status: 200, body: pageOf(connection) },
  [`POST ${app}/providers`]: {
    status: 201,
    body: connection,
    example: () => ({
      provider: "stripe",
      mode: "test",
      paymentMethods: ["card"],
      currencies: ["AUD", "JPY"],
      countries: ["AU"],
      fees: [{ percent: "1.75", fixed: 0.3, currency: "AUD" }],
      priority: 3,
      simulatorSettings: { successRate: 0.5, latencyMs: 0 },
    }),
  },
  [`PATCH ${app}/providers/:connectionId`]: {
    status: 200,
    body: connection,
    example: () => ({
      isActive: true,
      currencies: ["AUD"],
      fees: [{ percent: 2, fixed: "0", currency: "AUD" }],
      priority: null,
      simulatorSettings: { successRate: 1, latencyMs: 5, outage: "none" },
    }),
  },
  [`DELETE ${app}/providers/:connectionId`]: { status: 204, body: nothing },
  [`POST ${app}/providers/:connectionId/test`]: {
    status: 200,
    body: z.strictObject({
      connectionId: id,
      status: z.string(),
      message: z.string(),
      latencyMs: z.int(),
      testedAt: time,
    }),
  },
  [`GET ${app}/routing`]: { status: 200, body: routingSettings },
  [`PUT ${app}/routing`]: {
    status: 200,
    body: routingSettings,
    query: [["mode", "test"]],
    example: (own) => ({ ...routingBody(own), version: 0, note: "Why" }),
  },
  [`POST ${app}/routing/preview`]: {
    status: 200,
    body: routingReplay,
    query: [["mode", "test"]],
    example: routingBody,
  },
  [`GET ${app}/routing/versions`]: { status: 200, body: pageOf(routingSettings) },
  [`POST ${app}/routing/revert`]: {
    status: 200,
    body: routingSettings,
    example: () => ({ version: 0, to: 0 }),
  },
  [`GET ${app}/webhooks`]: { status: 200, body: pageOf(endpoint) },
  [`POST ${app}/webhooks`]: {
    status: 201,
    body: endpointWithSecret,
    example: () => ({
      url: "https://shop.example/hooks",
      mode: "live",
      subscribedEvents: ["session.failed"],
    }),
  },
  [`GET ${hook}`]: { status: 200, body: endpoint },
  [`PATCH ${hook}`]: {
    status: 200,
    body: endpoint,
    example: () => ({ url: "http://localhost:9/x", isActive: false, subscribedEvents: ["session.created"] }),
  },
  [`DELETE ${hook}`]: { status: 204, body: nothing },
  [`GET ${hook}/deliveries`]: { status: 200, body: pageOf(delivery) },
  [`POST ${hook}/deliveries/:deliveryId/retry`]: { status: 202, body: z.strictObject({ deliveryId: id }) },
  [`POST ${hook}/test`]: { status: 202, body: z.strictObject({ deliveryId: id }) },
  [`POST ${hook}/roll-secret`]: { status: 200, body: endpointWithSecret },
  [`POST ${hook}/recover`]: {
    status: 202,
    body: recovery,
    example: () => ({ since: new Date(Date.now() - 3_600_000).toISOString(), includeDelivered: true }),
  },
  [`GET ${hook}/recoveries/:recoveryId`]: { status: 200, body: recovery },
  [`GET ${app}/routing/scores`]: { status: 200, body: scores },
  [`GET ${app}/routing/decisions`]: { status: 200, body: pageOf(decision) },
  [`GET ${app}/routing/decisions/:decisionId`]: {
    status: 200,
    body: decision.extend({
      receipt: z.looseObject({ candidates: z.array(z.looseObject({ connectionId: id })).min(1) }),
      isReproducible: z.literal(true),
    }),
  },
  "GET /api/v1/openapi.json": { status: 200, body: z.looseObject({ openapi: z.literal("3.1.0") }) },
  "GET /api/v1/sessions": { status: 200, body: pageOf(session) },
  "POST /api/v1/sessions": { status: 201, body: createdSession, example: sessionBody },
  "GET /api/v1/sessions/:sessionId": { status: 200, body: session },
  "POST /api/v1/sessions/:sessionId/expire": { status: 200, body: session },
  "POST /api/v1/checkout-sessions": { status: 201, body: checkoutSession, example: checkoutBody },
  "GET /api/v1/checkout-sessions/:sessionId": { status: 200, body: checkoutSession },
  "POST /api/sandbox/v1/checkout-sessions": { status: 201, body: checkoutSession, example: checkoutBody },
  "GET /api/sandbox/v1/checkout-sessions/:sessionId": { status: 200, body: checkoutSession },
  "GET /api/v1/payment-methods": { status: 200, body: z.array(paymentMethod) },
  "POST /api/v1/providers/:provider/webhooks/:connectionId": {
    status: 200,
    body: z.strictObject({ received: z.literal(true) }),
    example: () => ({ id: "evt_1", type: "checkout.paid" }),
  },
};

// ---- Input that nobody means well ----------------------------------------------------------------

/** Written into the JSON as it is: numbers that JavaScript cannot hold. */
class Literal {
  constructor(readonly text: string) {}
  toJSON(): string {
    return `@literal(${this.text})`;
  }
}
const toJson = (value: unknown) =>
  (JSON.stringify(value) ?? "null").replace(/"@literal\(([^)"]*)\)"/g, (_, text: string) => text);

const nastyText = fc.oneof(
  fc.string({ maxLength: 20, unit: "binary" }),
  fc.constantFrom(
    "",
    " ",
    "\u0000",
    "a\u0000b",
    "\ud800",
    "x\udc00x",
    "\u202e",
    "é".repeat(300),
    "😀".repeat(200),
    "x".repeat(5_000),
    "__proto__",
    "constructor",
    "toString",
    "null",
    "NaN",
    "-1",
    "0x10",
    "1e9",
    "1000000000",
    "99999999999999999999",
    "'; drop table users; --",
    "%s%n",
    "../../etc/passwd",
    "0000-01-01",
    "0000-01-01T00:00:00+14:00",
    "0001-01-01T00:00:00+14:00",
    "9999-12-31T23:59:59-14:00",
    "9999-12-31T23:59:59.999999999Z",
    "2026-02-30",
    "275760-09-13",
    "javascript:alert(1)",
    "//evil.example",
    "https://u:p@evil.example",
    "https://shop.example/\n\t",
    "https://例え.jp/ü?ü",
    "http://[::1]",
    newId(),
    newId().toUpperCase(),
    "00000000-0000-0000-0000-000000000000",
  ),
);
const nastyNumber = fc.oneof(
  fc.constantFrom(0, -1, 0.1, 1e15, 2 ** 53, Number.MIN_VALUE, Number.MAX_VALUE),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc
    .constantFrom(
      "-0",
      "1e400",
      "-1e400",
      "1e-400",
      "9223372036854775808",
      "1.0",
      "0.1e1",
      `1${"0".repeat(500)}`,
    )
    .map((text) => new Literal(text)),
);
const nasty: fc.Arbitrary<unknown> = fc.oneof(
  nastyText,
  nastyNumber,
  fc.constantFrom(null, true, false, [], {}, [[]]),
  fc.constant(JSON.parse('{"__proto__":{"a":1},"constructor":{"prototype":1}}')),
  fc.array(nastyText, { maxLength: 5 }),
  fc.jsonValue({ maxDepth: 3 }),
);

/** As an address may hold it: encodeURIComponent throws on half a surrogate pair. */
const inAddress = (value: string) => encodeURIComponent(value.replaceAll(/\p{Surrogate}/gu, "?"));

/** Every place in a value, from the outside in. */
function placesOf(value: unknown, at: (string | number)[] = []): (string | number)[][] {
  if (typeof value !== "object" || value === null) return [at];
  return [at, ...Object.entries(value).flatMap(([name, member]) => placesOf(member, [...at, name]))];
}

function withValueAt(value: unknown, at: (string | number)[], put: unknown): unknown {
  const [name, ...rest] = at;
  if (name === undefined) return put;
  const copy: Record<string, unknown> = Array.isArray(value)
    ? ([...value] as never)
    : { ...(value as object) };
  const inner = withValueAt(copy[name], rest, put);
  // Not an assignment: "__proto__" is to be a member like any other.
  Object.defineProperty(copy, name, { value: inner, enumerable: true, configurable: true, writable: true });
  return copy;
}

interface Spoiling {
  kind: "none" | "replace" | "remove" | "add" | "whole" | "text";
  place: number;
  name: string;
  value: unknown;
  text: string;
}
const spoiling: fc.Arbitrary<Spoiling> = fc.record({
  kind: fc.constantFrom("none", "replace", "replace", "replace", "remove", "add", "whole", "text"),
  place: fc.nat(),
  name: nastyText,
  value: nasty,
  text: fc.oneof(
    nastyText,
    fc.constantFrom(
      "{",
      '{"a":1,"a":2}',
      "[".repeat(50_000),
      "\ufeff{}",
      "{}}",
      "'",
      "NaN",
      `"${"x".repeat(262_200)}"`,
    ),
  ),
});

/** The body that is sent: the example, spoiled in one place. */
function spoiled(example: unknown, { kind, place, name, value, text }: Spoiling): string {
  const places = placesOf(example);
  const at = places[place % places.length] ?? [];
  switch (kind) {
    case "none":
      return toJson(example);
    case "replace":
      return toJson(withValueAt(example, at, value));
    case "remove":
      return toJson(withValueAt(example, at, undefined));
    case "add":
      return toJson(withValueAt(example, [...at.slice(0, -1), name], value));
    case "whole":
      return toJson(value);
    case "text":
      return text;
  }
}

const queryNames = [
  ..."page limit mode status paymentMethod provider failureReason orderReference customerEmail currency".split(
    " ",
  ),
  ..."createdFrom createdTo q sort applicationId country amount __proto__ constructor x".split(" "),
];
const query = fc.array(
  fc.tuple(
    fc.constantFrom(...queryNames),
    fc.oneof(nastyText, fc.constantFrom("1", "100", "test", "FAILED")),
  ),
  { maxLength: 3 },
);

const noQuery: [string, string][] = [];
const call = fc.record({
  /** Which parameters of the path are not the things' own. */
  foreign: fc.array(fc.tuple(fc.nat({ max: 3 }), nastyText), { maxLength: 1 }),
  credential: fc.oneof(
    { weight: 12, arbitrary: fc.constant("right") },
    { weight: 1, arbitrary: fc.constantFrom("none", "other", "junk") },
  ),
  spoiling,
  contentType: fc.oneof(
    { weight: 12, arbitrary: fc.constant("application/json") },
    {
      weight: 1,
      arbitrary: fc.constantFrom(
        "text/plain",
        "application/x-www-form-urlencoded",
        "application/json; charset=latin1",
        "",
      ),
    },
  ),
  query: fc.oneof({ weight: 2, arbitrary: fc.constant(noQuery) }, { weight: 1, arbitrary: query }),
  idempotencyKey: fc.oneof(
    { weight: 5, arbitrary: fc.uuid() },
    { weight: 1, arbitrary: fc.constantFrom("", "same", "x".repeat(255), "x".repeat(256), "\u00e9", "a,b") },
  ),
});

let testApp: TestApp;
beforeAll(async () => {
  testApp = await startTestApp();
});

async function things(): Promise<Things> {
  const { services } = testApp;
  const { owner } = await createShop(services);
  const owned = await createApplication(services, owner.actor);
  const applicationId = owned.id;
  const { apiKey, fullKey } = await createApiKey(services, owner.actor, { applicationId });
  const token = owner.accessToken;
  const base = `/api/v1/applications/${applicationId}`;
  const connections = await testApp.call("GET", `${base}/providers`, { token });
  const webhook = await testApp.call("POST", `${base}/webhooks`, {
    token,
    body: { url: "http://localhost:9/", mode: "test" },
  });
  const test = await testApp.call("POST", `${base}/webhooks/${webhook.json.id}/test`, { token });
  const recovery = await testApp.call("POST", `${base}/webhooks/${webhook.json.id}/recover`, {
    token,
    body: { since: new Date(Date.now() - 3_600_000).toISOString() },
  });
  // Done, so that another one may be started.
  await services.db.query(`update webhook_recoveries set status = 'DONE' where id = $1`, [recovery.json.id]);
  const session = await testApp.call("POST", "/api/v1/sessions", {
    token: fullKey,
    body: sessionBody(),
    headers: { "idempotency-key": newId() },
  });
  expect(session.status, session.text).toBe(201);
  await services.apiLog.flush();
  const logged = await services.db.prisma.apiRequestLog.findFirst({ where: { applicationId, mode: "test" } });
  return {
    ownerToken: token,
    email: owner.email,
    key: fullKey,
    ids: {
      applicationId,
      keyId: apiKey.id,
      connectionId: connections.json.items[0].id,
      webhookId: webhook.json.id,
      deliveryId: test.json.deliveryId,
      logId: logged?.id ?? "",
      recoveryId: recovery.json.id,
      sessionId: session.json.sessionId,
      decisionId: await decisionOf(services, session.json.sessionId),
      provider: connections.json.items[0].provider,
    },
  };
}

async function methodsOf(path: string): Promise<string[]> {
  const answer = await testApp.call("OPTIONS", path.replaceAll(/:\w+/g, newId()));
  expect(answer.status).toBe(405);
  return (answer.headers.get("allow") ?? "").split(", ").filter((method) => method !== "HEAD");
}

interface Made {
  foreign: [number, string][];
  credential: string;
  body: string;
  contentType: string;
  query: [string, string][];
  idempotencyKey: string;
}

/** Makes one call, and holds its answer against what is documented. */
async function check(name: string, own: Things, made: Made): Promise<void> {
  const { status, body: shape } = documented[name] as Documented;
  const [method = "", path = ""] = name.split(" ");
  const isForKeys = /sessions|payment-methods/.test(path);
  let position = 0;
  const filled = path.replaceAll(/:(\w+)/g, (_, parameter: string) => {
    const foreign = made.foreign.find(([at]) => at === position);
    position++;
    return foreign ? inAddress(foreign[1]) || "-" : (own.ids[parameter] ?? "missing");
  });
  const query = documented[name]?.query ?? [];
  const search = [...(made.query.length === 0 ? query : []), ...made.query]
    .map(([parameter, value]) => `${parameter}=${inAddress(value)}`)
    .join("&");
  const right = isForKeys ? own.key : own.ownerToken;
  const credentials: Record<string, string> = {
    right,
    none: "",
    other: isForKeys ? own.ownerToken : own.key,
    junk: `${right.slice(0, -3)}abc`,
  };
  const credential = credentials[made.credential];
  const answer = await testApp.call(method, `${filled}${search === "" ? "" : `?${search}`}`, {
    headers: {
      ...(credential ? { authorization: `Bearer ${credential}` } : {}),
      ...(method === "GET" ? {} : { "content-type": made.contentType }),
      "idempotency-key": made.idempotencyKey,
    },
    ...(method === "GET" ? {} : { rawBody: made.body }),
  });
  expect(answer.status, answer.text).toBeLessThan(500);
  expect(answer.headers.get("x-request-id")).toMatch(/./);
  if (answer.status < 300) {
    expect(answer.status).toBe(status);
    expect(shape.safeParse(answer.json).error?.message).toBeUndefined();
    return;
  }
  expect(error.safeParse(answer.json).error?.message).toBeUndefined();
  expect(answer.json.statusCode).toBe(answer.status);
  expect(answer.json.requestId).toBe(answer.headers.get("x-request-id"));
  expect(errorTable[answer.json.code as keyof typeof errorTable].status).toBe(answer.status);
}

/** What broke a database, a calendar or a header before, put in every place there is. */
const cruel: unknown[] = [
  "\u0000",
  "\ud800",
  new Literal("1e400"),
  new Literal("-0"),
  new Literal(`0.${"0".repeat(60)}1`),
  "0000-01-01T00:00:00+14:00",
  "9999-12-31T23:59:59-14:00",
  "https://例え.jp/\nü",
  { "\u0000": "\ud800" },
];
const cruelQueries = [
  "\u0000",
  "1000000000",
  "1e400",
  "-0",
  "0000-01-01",
  "9999-12-31T23:59:59-14:00",
  newId(),
];
const plain = { foreign: [], credential: "right", contentType: "application/json", query: [] };

describe("every API route", () => {
  it("is documented, with each of its methods", async () => {
    const found = await Promise.all(
      paths.map(async (path) => (await methodsOf(path)).map((method) => `${method} ${path}`)),
    );
    expect(found.flat().sort()).toEqual(Object.keys(documented).sort());
  });

  it.each(Object.keys(documented))(
    "%s answers anything in the documented shape",
    async (name) => {
      const own = await things();
      const example = documented[name]?.example;
      await fc.assert(
        fc.asyncProperty(call, ({ spoiling, ...made }) =>
          check(name, own, { ...made, body: spoiled(example?.(own) ?? {}, spoiling) }),
        ),
        { numRuns: RUNS, seed: SEED, endOnFailure: !process.env.CONTRACT_RUNS },
      );
    },
    60_000 + RUNS * 100,
  );

  it.each(Object.keys(documented).filter((name) => documented[name]?.example))(
    "%s takes the cruellest values in every field",
    async (name) => {
      const own = await things();
      const example = documented[name]?.example?.(own);
      for (const at of placesOf(example).slice(1)) {
        for (const value of cruel) {
          const body = toJson(withValueAt(example, at, value));
          await check(name, own, { ...plain, body, idempotencyKey: newId() });
        }
      }
    },
    60_000,
  );

  it.each(Object.keys(documented).filter((name) => name.startsWith("GET ") && !name.endsWith("Id")))(
    "%s takes the cruellest values in every parameter",
    async (name) => {
      const own = await things();
      const isPaged = name !== "GET /api/v1/payment-methods";
      const names = name === "GET /api/v1/sessions" || !isPaged ? queryNames : ["page", "limit", "mode"];
      for (const parameter of names) {
        for (const value of cruelQueries) {
          await check(name, own, { ...plain, body: "", query: [[parameter, value]], idempotencyKey: "" });
        }
      }
      const last: [string, string][] = [
        ["page", "1000000000"],
        ["limit", "100"],
      ];
      if (isPaged) await check(name, own, { ...plain, body: "", query: last, idempotencyKey: "" });
    },
    60_000,
  );
});
