import { readFileSync } from "node:fs";
import type { RouteConfigEntry } from "@remix-run/route-config";
import { beforeAll, describe, expect, it } from "vitest";
import { exampleSessionBody } from "~/contracts/example-session";
import type { Role } from "~/db/generated/enums";
import { systemActor } from "~/domain/actor";
import { createShareLink } from "~/domain/share-links/create-share-link.server";
import { enterMerchant } from "~/domain/support/visit.server";
import { signAccessToken } from "~/domain/users/access-token.server";
import { createUser as createUserCommand, insertMembership } from "~/domain/users/create-user.server";
import { isAllowed, type PermissionName } from "~/domain/users/permissions";
import { signIn } from "~/domain/users/sign-in.server";
import { createUserSession, endUserSession } from "~/domain/users/user-session.server";
import { settingsDigest } from "~/features/routing/rules.presenter.server";
import { rulesFormSchema } from "~/features/routing/rules-form-schema";
import { type Method, methodsOf } from "~/http/api.server";
import { newId } from "~/lib/ids";
import config from "~/routes";
import { routes as apiModules } from "../../support/api-build";
import { startTestApp, type TestApp } from "../../support/app";
import {
  createApiKey,
  createApplication,
  createInvitation,
  createMerchant,
  createShop,
  createUser,
  decisionOf,
  origin,
  PASSWORD,
  type TestUser,
} from "../../support/factories";
import { ownForms } from "../../support/own-forms";

const ROLES: Role[] = ["owner", "admin", "developer", "support", "viewer"];

interface Entry {
  path: string;
  file: string;
}

/** Every route with its whole path, a layout's own too. */
function flatten(entries: RouteConfigEntry[], above = ""): Entry[] {
  return entries.flatMap(({ path, file, children = [] }) => {
    const whole = path === undefined ? above : `${above}/${path}`;
    return [{ path: whole === "" ? "/" : whole, file }, ...flatten(children, whole)];
  });
}
const entries = flatten((await config) as RouteConfigEntry[]);

// ---- Who may call what ---------------------------------------------------------------------------

interface Rule {
  /** What opens it: a user's token, an API key, either of them, or nothing. */
  credential: "jwt" | "apiKey" | "either" | "none";
  /** What a role needs; null where there is no role. */
  permission: PermissionName | null;
  status: number;
  body?: () => unknown;
  /** Keys of test mode only: a live one is the wrong credential. */
  keyMode?: "test";
}

const checkoutBody = () => ({
  amount: 1500,
  currency: "KES",
  description: "Order 7",
  successUrl: "https://shop.example/paid",
  cancelUrl: "https://shop.example/cancelled",
  paymentMethods: ["CARD", "MPESA_STK"],
});

const app = "/api/v1/applications/:applicationId";
const hook = `${app}/webhooks/:webhookId`;
const jwt = (permission: PermissionName, status = 200, body?: () => unknown): Rule => ({
  credential: "jwt",
  permission,
  status,
  ...(body ? { body } : {}),
});
const connectionBody = (mode: string) => () => ({
  provider: "stripe",
  mode,
  paymentMethods: ["card"],
  currencies: ["AUD"],
  ...(mode === "live" ? { credentials: { secretKey: "sk" } } : {}),
});

/** A route of app/routes.ts that is not here fails the first test. */
const rules: Record<string, Rule> = {
  "POST /api/v1/auth/login": { credential: "none", permission: null, status: 400, body: () => ({}) },
  "POST /api/v1/auth/refresh": { credential: "none", permission: null, status: 400, body: () => ({}) },
  "POST /api/v1/merchants/signup": { credential: "none", permission: null, status: 400, body: () => ({}) },
  "GET /api/v1/applications": jwt("applications.read"),
  "POST /api/v1/applications": jwt("applications.write", 201, () => ({ name: newId() })),
  [`GET ${app}`]: jwt("applications.read"),
  [`PATCH ${app}`]: jwt("applications.write", 200, () => ({ name: newId() })),
  [`DELETE ${app}`]: jwt("applications.archive", 204),
  [`GET ${app}/api-keys`]: jwt("api_keys.read"),
  [`POST ${app}/api-keys`]: jwt("api_keys.write", 201, () => ({ description: "Key" })),
  [`DELETE ${app}/api-keys/:keyId`]: jwt("api_keys.write", 204),
  [`POST ${app}/api-keys/:keyId/roll`]: jwt("api_keys.write", 201, () => ({ graceHours: 0 })),
  [`GET ${app}/api-logs`]: jwt("api_logs.read"),
  [`GET ${app}/api-logs/:logId`]: jwt("api_logs.read"),
  [`GET ${app}/providers`]: jwt("providers.read"),
  [`POST ${app}/providers`]: jwt("providers.write_test", 201, connectionBody("test")),
  [`PATCH ${app}/providers/:connectionId`]: jwt("providers.write_test", 200, () => ({ isActive: false })),
  [`DELETE ${app}/providers/:connectionId`]: jwt("providers.write_test", 204),
  [`POST ${app}/providers/:connectionId/test`]: jwt("providers.write_test", 200),
  [`GET ${app}/routing`]: jwt("routing.read"),
  [`PUT ${app}/routing`]: jwt("routing.write", 200, () => ({
    version: 0,
    weights: { margin: 1, cost: 2, speed: 1 },
    rules: {},
  })),
  [`POST ${app}/routing/preview`]: jwt("routing.read", 200, () => ({
    weights: { margin: 1, cost: 2, speed: 1 },
    rules: {},
  })),
  [`GET ${app}/routing/versions`]: jwt("routing.read"),
  [`POST ${app}/routing/revert`]: jwt("routing.write", 200, () => ({ version: 0, to: 0 })),
  [`GET ${app}/webhooks`]: jwt("webhooks.read"),
  [`POST ${app}/webhooks`]: jwt("webhooks.write", 201, () => ({ url: "https://shop.example/hooks" })),
  [`GET ${hook}`]: jwt("webhooks.read"),
  [`PATCH ${hook}`]: jwt("webhooks.write", 200, () => ({ url: "http://localhost:9/other" })),
  [`DELETE ${hook}`]: jwt("webhooks.write", 204),
  [`GET ${hook}/deliveries`]: jwt("webhooks.read"),
  [`POST ${hook}/deliveries/:deliveryId/retry`]: jwt("webhooks.retry", 202),
  [`POST ${hook}/test`]: jwt("webhooks.write", 202),
  [`POST ${hook}/roll-secret`]: jwt("webhooks.write"),
  [`POST ${hook}/recover`]: jwt("webhooks.retry", 202, () => ({
    since: new Date(Date.now() - 3_600_000).toISOString(),
  })),
  [`GET ${hook}/recoveries/:recoveryId`]: jwt("webhooks.read"),
  [`GET ${app}/routing/scores`]: jwt("routing.read"),
  [`GET ${app}/routing/decisions`]: jwt("routing.read"),
  [`GET ${app}/routing/decisions/:decisionId`]: jwt("routing.read"),
  "GET /api/v1/openapi.json": { credential: "none", permission: null, status: 200 },
  "GET /api/v1/sessions": { credential: "either", permission: "sessions.read", status: 200 },
  "POST /api/v1/sessions": {
    credential: "apiKey",
    permission: null,
    status: 201,
    body: () => exampleSessionBody("http://localhost:3000"),
  },
  "GET /api/v1/sessions/:sessionId": { credential: "either", permission: "sessions.read", status: 200 },
  "POST /api/v1/sessions/:sessionId/expire": { credential: "apiKey", permission: null, status: 200 },
  "POST /api/v1/checkout-sessions": {
    credential: "apiKey",
    permission: null,
    status: 201,
    body: checkoutBody,
  },
  "GET /api/v1/checkout-sessions/:sessionId": {
    credential: "either",
    permission: "sessions.read",
    status: 200,
  },
  "POST /api/sandbox/v1/checkout-sessions": {
    credential: "apiKey",
    permission: null,
    status: 201,
    body: checkoutBody,
    keyMode: "test",
  },
  "GET /api/sandbox/v1/checkout-sessions/:sessionId": {
    credential: "apiKey",
    permission: null,
    status: 200,
    keyMode: "test",
  },
  "GET /api/v1/payment-methods": { credential: "apiKey", permission: null, status: 200 },
  "POST /api/v1/providers/:provider/webhooks/:connectionId": {
    credential: "none",
    permission: null,
    status: 401,
    body: () => ({}),
  },
};

type Access = "merchant" | "application" | "staff" | "public";

/**
 * What a page's loader asks for: a member of a team, also the right application, or nobody. A page that
 * is not here fails the first test.
 */
const pages: Record<string, Access> = {
  "routes/dashboard/sign-in.tsx": "public",
  "routes/dashboard/sign-out.tsx": "public",
  "routes/dashboard/sign-in-code.tsx": "public",
  "routes/dashboard/forgot-password.tsx": "public",
  "routes/dashboard/reset-password.tsx": "public",
  "routes/dashboard/invitation.tsx": "public",
  "routes/dashboard/confirm-email.tsx": "public",
  "routes/dashboard/account-layout.tsx": "merchant",
  "routes/dashboard/account.tsx": "merchant",
  "routes/dashboard/account-security.tsx": "merchant",
  "routes/dashboard/account-two-factor.tsx": "merchant",
  "routes/dashboard/theme.tsx": "public",
  "routes/docs/layout.tsx": "public",
  "routes/docs/start.tsx": "public",
  "routes/docs/guide.tsx": "public",
  "routes/docs/operation.tsx": "public",
  "routes/docs/event.tsx": "public",
  "routes/dashboard/layout.tsx": "merchant",
  "routes/dashboard/home.tsx": "merchant",
  "routes/dashboard/applications.tsx": "merchant",
  "routes/dashboard/application-new.tsx": "merchant",
  "routes/dashboard/erase-customer.tsx": "merchant",
  "routes/dashboard/team.tsx": "merchant",
  "routes/dashboard/support.tsx": "staff",
  "routes/dashboard/support-enter.tsx": "staff",
  "routes/dashboard/support-leave.tsx": "staff",
  "routes/dashboard/audit-log.tsx": "merchant",
  "routes/dashboard/audit-line.tsx": "application",
  "routes/dashboard/audit-log-export.ts": "merchant",
  "routes/dashboard/application.tsx": "application",
  "routes/dashboard/notices.tsx": "merchant",
  "routes/dashboard/search.ts": "merchant",
  "routes/dashboard/session-link.tsx": "application",
  "routes/dashboard/scope.tsx": "application",
  "routes/dashboard/overview.tsx": "application",
  "routes/dashboard/sessions.tsx": "application",
  "routes/dashboard/live.ts": "application",
  "routes/dashboard/sessions-export.ts": "application",
  "routes/dashboard/sessions-newer.ts": "application",
  "routes/dashboard/session.tsx": "application",
  "routes/dashboard/analytics.tsx": "application",
  "routes/dashboard/analytics-csv.ts": "application",
  "routes/dashboard/routing.tsx": "application",
  "routes/dashboard/routing-scores-csv.ts": "application",
  "routes/dashboard/routing-decisions.tsx": "application",
  "routes/dashboard/routing-decision.tsx": "application",
  "routes/dashboard/routing-receipt-json.ts": "application",
  "routes/dashboard/api-keys.tsx": "application",
  "routes/dashboard/providers.tsx": "application",
  "routes/dashboard/routing-rules.tsx": "application",
  "routes/dashboard/routing-what-if.tsx": "application",
  "routes/dashboard/webhooks.tsx": "application",
  "routes/dashboard/webhook.tsx": "application",
  "routes/dashboard/api-logs.tsx": "application",
  "routes/dashboard/api-log.tsx": "application",
  "routes/dashboard/webhook-drill.tsx": "application",
  "routes/dashboard/webhook-event.tsx": "application",
  "routes/dashboard/not-found.tsx": "application",
  "routes/dashboard/application-logo.ts": "application",
  "routes/checkout/logo.ts": "public",
  "routes/share/shared-session.tsx": "public",
  "routes/checkout/pay.tsx": "public",
  "routes/checkout/return.tsx": "public",
  "routes/checkout/simulator.tsx": "public",
  "routes/checkout/demo-shop.tsx": "public",
  "routes/dev/components.tsx": "public",
  "routes/dev/mail.tsx": "public",
  "routes/not-found.tsx": "public",
};

/** Pages that are not for every role. */
const readers: Record<string, PermissionName> = {
  "routes/dashboard/audit-log.tsx": "audit.read",
  "routes/dashboard/audit-line.tsx": "audit.read",
  "routes/dashboard/audit-log-export.ts": "audit.export",
};

/** Addresses that are files to keep: every role may, and staff on a visit only look. */
const downloads: Record<string, PermissionName> = {
  "routes/dashboard/sessions-export.ts": "sessions.export",
  "routes/dashboard/analytics-csv.ts": "figures.export",
  "routes/dashboard/routing-scores-csv.ts": "figures.export",
  "routes/dashboard/routing-receipt-json.ts": "figures.export",
  "routes/dashboard/audit-log-export.ts": "audit.export",
};

/** What a form of a page needs; the page's own tests say what it does. */
const forms: {
  file: string;
  intent: string;
  /** Null: any member may. */
  permission: PermissionName | null;
  fields?: (ids: Record<string, string>) => Record<string, string>;
  /** What those get who may; below 400 when left out. */
  refusedFor?: string;
  /** Another page says what became of it: a refusal is in its address. */
  tellsByRedirect?: true;
}[] = [
  {
    file: "routes/dashboard/application.tsx",
    intent: "save",
    permission: "applications.write",
    fields: () => ({ name: newId() }),
  },
  { file: "routes/dashboard/application.tsx", intent: "enable", permission: "applications.write" },
  {
    file: "routes/dashboard/team.tsx",
    intent: "invite",
    permission: "team.write",
    fields: () => ({ email: `${newId()}@example.test`, role: "viewer" }),
  },
  {
    file: "routes/dashboard/team.tsx",
    intent: "role",
    permission: "team.write",
    fields: () => ({ id: colleague.id, role: "viewer" }),
  },
  {
    file: "routes/dashboard/team.tsx",
    intent: "resend",
    permission: "team.write",
  },
  {
    file: "routes/dashboard/team.tsx",
    intent: "remove",
    permission: "team.write",
    fields: () => ({ id: leaver.id }),
  },
  { file: "routes/dashboard/team.tsx", intent: "revoke", permission: "team.write" },
  { file: "routes/dashboard/application.tsx", intent: "disable", permission: "applications.write" },
  {
    file: "routes/dashboard/application.tsx",
    intent: "roll-callback-secret",
    permission: "webhooks.write",
    fields: () => ({ fingerprint: "" }),
  },
  {
    file: "routes/dashboard/application.tsx",
    intent: "checkout",
    permission: "applications.write",
    fields: () => ({ displayName: "Another name" }),
  },
  {
    file: "routes/dashboard/application.tsx",
    intent: "fulfilment",
    permission: "applications.write",
    fields: () => ({ unfulfilledAfterMinutes: "30" }),
  },
  { file: "routes/dashboard/application.tsx", intent: "archive", permission: "applications.archive" },
  {
    file: "routes/dashboard/application-logo.ts",
    intent: "remove-logo",
    permission: "applications.write",
    tellsByRedirect: true,
  },
  {
    file: "routes/dashboard/application-new.tsx",
    intent: "",
    permission: "applications.write",
    fields: () => ({ name: newId() }),
  },
  {
    file: "routes/dashboard/application.tsx",
    intent: "retention",
    permission: "privacy.write",
    fields: () => ({ retentionDays: "365", apiLogDays: "7", deliveryDays: "7" }),
  },
  {
    file: "routes/dashboard/erase-customer.tsx",
    intent: "find",
    permission: "privacy.write",
    fields: () => ({ email: "nobody@example.test" }),
  },
  {
    file: "routes/dashboard/erase-customer.tsx",
    intent: "erase",
    permission: "privacy.write",
    fields: () => ({ email: "nobody@example.test" }),
  },
  { file: "routes/dashboard/sessions.tsx", intent: "create-test-session", permission: "sessions.create" },
  { file: "routes/dashboard/sessions.tsx", intent: "expire-chosen", permission: "sessions.expire" },
  {
    file: "routes/dashboard/sessions.tsx",
    intent: "view-save",
    permission: "views.share",
    fields: () => ({ formId: newId(), name: "Mine", isShared: "on" }),
  },
  { file: "routes/dashboard/sessions.tsx", intent: "table", permission: null },
  { file: "routes/dashboard/session.tsx", intent: "expire", permission: "sessions.expire" },
  { file: "routes/dashboard/session.tsx", intent: "sync", permission: "sessions.sync" },
  {
    file: "routes/dashboard/session.tsx",
    intent: "resend",
    permission: "webhooks.retry",
    fields: ({ deliveryId = "", eventId = "" }) => ({ id: deliveryId, eventId }),
  },
  {
    file: "routes/dashboard/session.tsx",
    intent: "add-note",
    permission: "sessions.annotate",
    fields: () => ({ formId: newId(), body: "Called back" }),
  },
  {
    file: "routes/dashboard/session.tsx",
    intent: "share",
    permission: "sessions.share",
    fields: ({ tried = "" }) => ({ formId: newId(), provider: tried, lifetime: "24h" }),
  },
  {
    file: "routes/dashboard/session.tsx",
    intent: "revoke-share",
    permission: "sessions.share",
    fields: ({ shareId = "" }) => ({ id: shareId }),
  },
  {
    file: "routes/dashboard/api-keys.tsx",
    intent: "create",
    permission: "api_keys.write",
    fields: () => ({ description: "Key", lifetime: "never" }),
  },
  { file: "routes/dashboard/api-keys.tsx", intent: "revoke", permission: "api_keys.write" },
  {
    file: "routes/dashboard/api-keys.tsx",
    intent: "roll",
    permission: "api_keys.write",
    fields: () => ({ graceHours: "0" }),
  },
  {
    file: "routes/dashboard/providers.tsx",
    intent: "connect",
    permission: "providers.write_test",
    fields: () => ({ provider: "stripe", paymentMethods: "card", currencies: "AUD" }),
    refusedFor: "credentials.secretKey is required",
  },
  {
    file: "routes/dashboard/providers.tsx",
    intent: "credentials",
    permission: "providers.write_test",
    fields: () => ({ "credentials.secretKey": "sk_test_x" }),
    refusedFor: "credentials",
  },
  {
    file: "routes/dashboard/providers.tsx",
    intent: "simulate",
    permission: "providers.write_test",
    fields: () => ({ successRate: "90", latencyMs: "0", outage: "none" }),
  },
  { file: "routes/dashboard/providers.tsx", intent: "resume", permission: "providers.write_test" },
  { file: "routes/dashboard/providers.tsx", intent: "pause", permission: "providers.write_test" },
  { file: "routes/dashboard/providers.tsx", intent: "test", permission: "providers.write_test" },
  {
    file: "routes/dashboard/providers.tsx",
    intent: "edit",
    permission: "providers.write_test",
    fields: () => ({ paymentMethods: "card", currencies: "AUD", priority: "2" }),
  },
  {
    file: "routes/dashboard/routing-rules.tsx",
    intent: "save",
    permission: "routing.write",
    // As it was previewed a moment before.
    fields: () => ({
      ...{ version: "0", "weights.margin": "1", "weights.cost": "2", "weights.speed": "1" },
      previewed: settingsDigest(
        rulesFormSchema(new Set()).parse({ version: "0", weights: { margin: "1", cost: "2", speed: "1" } }),
      ),
    }),
  },
  {
    file: "routes/dashboard/routing-rules.tsx",
    intent: "revert",
    permission: "routing.write",
    fields: () => ({ version: "0", to: "0" }),
  },
  {
    file: "routes/dashboard/webhooks.tsx",
    intent: "create",
    permission: "webhooks.write",
    fields: () => ({ url: "https://shop.example/hooks", subscribedEvents: "session.completed" }),
  },
  {
    file: "routes/dashboard/webhook.tsx",
    intent: "save",
    permission: "webhooks.write",
    fields: () => ({ url: "https://shop.example/hooks", subscribedEvents: "session.completed" }),
  },
  { file: "routes/dashboard/webhook.tsx", intent: "activate", permission: "webhooks.write" },
  { file: "routes/dashboard/webhook.tsx", intent: "retry", permission: "webhooks.retry" },
  {
    file: "routes/dashboard/webhook.tsx",
    intent: "roll",
    permission: "webhooks.write",
    fields: ({ fingerprint = "" }) => ({ fingerprint }),
  },
  { file: "routes/dashboard/webhook.tsx", intent: "test", permission: "webhooks.write" },
  { file: "routes/dashboard/webhook.tsx", intent: "deactivate", permission: "webhooks.write" },
  {
    file: "routes/dashboard/webhook.tsx",
    intent: "recover",
    permission: "webhooks.retry",
    fields: () => ({ since: "1h" }),
  },
  { file: "routes/dashboard/webhook.tsx", intent: "archive", permission: "webhooks.write" },
  { file: "routes/dashboard/webhook-drill.tsx", intent: "run", permission: "webhooks.write" },
  { file: "routes/dashboard/webhook-event.tsx", intent: "retry", permission: "webhooks.retry" },
];

/** Which thing the field `id` of a page's forms names. */
const idOfForm: Record<string, string> = {
  "routes/dashboard/api-keys.tsx": "keyId",
  "routes/dashboard/providers.tsx": "connectionId",
  "routes/dashboard/webhook-event.tsx": "deliveryId",
  "routes/dashboard/webhook.tsx": "deliveryId",
  "routes/dashboard/team.tsx": "invitationId",
};

/** Forms that are in no table, and where they are tried. Those about the sender alone are in own-forms.ts. */
const otherForms: Record<string, string> = {
  "routes/dashboard/not-found.tsx ": "no page, whatever is sent",
  "routes/dashboard/support-enter.tsx ": "Kadosei's staff: below",
  "routes/dashboard/support-leave.tsx ": "Kadosei's staff: below",
};

/** The intents that a page's action asks for, as its source has them; one without a name when it asks for none. */
function intentsOf(file: string): string[] {
  const source = readFileSync(new URL(`../../../app/${file}`, import.meta.url), "utf8");
  const action = /export (?:async function|function|const) action\b[\s\S]*?(?=\nexport |$)/.exec(source)?.[0];
  if (action === undefined) return [];
  const named = [...action.matchAll(/intent"?\)? (?:===|!==) "([a-z-]+)"|case "([a-z-]+)":/g)];
  const intents = new Set(named.map(([, compared, chosen]) => compared ?? chosen ?? ""));
  return intents.size === 0 ? [""] : [...intents];
}

// ---- Whose things --------------------------------------------------------------------------------

interface Things {
  ids: Record<string, string>;
  testKey: string;
  liveKey: string;
}

let testApp: TestApp;
let owner: TestUser;
let members: Record<Role, TestUser>;
let stranger: Awaited<ReturnType<typeof createShop>>;
/** Members whom others do things to: one to remove, who is in the team again for each. */
let colleague: TestUser;
let leaver: TestUser;
let sibling: string;
/** Keys of the owner's other application that are not taken any more. */
let spentKeys: Record<string, string>;
/** Cookies: of Kadosei's staff, and of a browser that signed out. */
let staff: string;
let ended: { token: string; cookie: string };

beforeAll(async () => {
  testApp = await startTestApp();
  const { services } = testApp;
  const merchant = await createMerchant(services);
  const users = await Promise.all(
    ROLES.map((role) => createUser(services, { merchantId: merchant.id, role })),
  );
  members = Object.fromEntries(ROLES.map((role, index) => [role, users[index]])) as Record<Role, TestUser>;
  owner = members.owner;
  stranger = await createShop(services);
  colleague = await createUser(services, { merchantId: merchant.id, role: "viewer" });
  leaver = await createUser(services, { merchantId: merchant.id, role: "viewer" });
  const other = await createApplication(services, owner.actor);
  sibling = (await createApiKey(services, owner.actor, { applicationId: other.id })).fullKey;
  const spent = async (change: string) => {
    const { apiKey, fullKey } = await createApiKey(services, owner.actor, { applicationId: other.id });
    await services.db.query(`update api_keys set ${change} where id = $1`, [apiKey.id]);
    return fullKey;
  };
  const disabled = await createApplication(services, owner.actor);
  spentKeys = {
    revoked: await spent("revoked_at = now()"),
    expired: await spent("expires_at = now() - interval '1 second'"),
    "of a disabled application": (await createApiKey(services, owner.actor, { applicationId: disabled.id }))
      .fullKey,
  };
  await services.db.query("update applications set is_enabled = false where id = $1", [disabled.id]);
  ended = await freshCookie(owner);
  await endUserSession(origin, { token: ended.token }, services);
  const employee = await createUser(services, { merchantId: merchant.id });
  await services.db.query("update users set is_staff = true where id = $1", [employee.id]);
  await services.db.query("delete from memberships where user_id = $1", [employee.id]);
  staff = (await freshCookie(employee)).cookie;
}, 120_000);

async function things(whose: TestUser = owner): Promise<Things> {
  const { services, call } = testApp;
  const { id: applicationId } = await createApplication(services, whose.actor);
  const test = await createApiKey(services, whose.actor, { applicationId });
  const live = await createApiKey(services, whose.actor, { applicationId, mode: "live" });
  const token = whose.accessToken;
  const base = `/api/v1/applications/${applicationId}`;
  const connections = await call("GET", `${base}/providers`, { token });
  const webhook = await call("POST", `${base}/webhooks`, {
    token,
    body: { url: "http://localhost:9/", mode: "test" },
  });
  const tried = await call("POST", `${base}/webhooks/${webhook.json.id}/test`, { token });
  const recovery = await call("POST", `${base}/webhooks/${webhook.json.id}/recover`, {
    token,
    body: { since: new Date(Date.now() - 3_600_000).toISOString() },
  });
  // Done, so that another one may be started.
  await services.db.query(`update webhook_recoveries set status = 'DONE' where id = $1`, [recovery.json.id]);
  const deliveries = await call("GET", `${base}/webhooks/${webhook.json.id}/deliveries`, { token });
  const session = await call("POST", "/api/v1/sessions", {
    token: test.fullKey,
    body: exampleSessionBody("http://localhost:3000"),
    headers: { "idempotency-key": newId() },
  });
  await services.apiLog.flush();
  await services.db.transaction((tx) =>
    insertMembership(tx, { ...owner.actor, userId: leaver.id, role: "viewer" }, services.clock.now()),
  );
  const { sessionId } = session.json;
  const provider = session.json.routing.selectedProvider;
  const share = { id: newId(), sessionId, provider, lifetime: "24h" } as const;
  await createShareLink(whose.actor, share, services);
  // No more of them are open at a time than a merchant may have. Written, for nobody may send as many in an hour.
  await services.db.query("update invitations set accepted_at = now() where accepted_at is null");
  const invitation = await createInvitation(services, {
    merchantId: owner.actor.merchantId,
    email: `${newId()}@example.test`,
    role: "viewer",
    invitedById: owner.id,
  });
  // Long enough ago to be sent again.
  await services.db.query("update invitations set expires_at = now() where id = $1", [invitation.id]);
  const line = await services.db.prisma.auditLog.findFirstOrThrow({ where: { targetId: applicationId } });
  const logged = await services.db.prisma.apiRequestLog.findFirst({ where: { applicationId, mode: "test" } });
  return {
    ids: {
      logId: logged?.id ?? "",
      invitationId: invitation.id,
      lineId: line.id,
      applicationId,
      keyId: test.apiKey.id,
      connectionId: connections.json.items[0].id,
      provider: connections.json.items[0].provider,
      webhookId: webhook.json.id,
      fingerprint: webhook.json.keyFingerprint,
      deliveryId: tried.json.deliveryId,
      recoveryId: recovery.json.id,
      eventId: deliveries.json.items[0].eventId,
      sessionId: session.json.sessionId,
      tried: session.json.routing.selectedProvider,
      shareId: share.id,
      decisionId: await decisionOf(services, session.json.sessionId),
      mode: "test",
    },
    testKey: test.fullKey,
    liveKey: live.fullKey,
  };
}

/** For what only looks: made once. */
let looked: Promise<Things> | undefined;
function thingsToLookAt(): Promise<Things> {
  looked ??= things();
  return looked;
}

const fill = (path: string, ids: Record<string, string>) =>
  path.replaceAll(/:(\w+)/g, (_, name: string) => ids[name] ?? newId()).replaceAll("*", "nothing-here");

async function statusOf(
  name: string,
  ids: Record<string, string>,
  token?: string,
  ownBody?: unknown,
  headers?: Record<string, string>,
): Promise<number> {
  const [method = "", path = ""] = name.split(" ");
  const body = ownBody ?? rules[name]?.body?.() ?? (method === "GET" || method === "DELETE" ? undefined : {});
  const answer = await testApp.call(method, fill(path, ids), {
    ...(token === undefined ? {} : { token }),
    ...(body === undefined ? {} : { body }),
    headers: { "idempotency-key": newId(), ...headers },
  });
  return answer.status;
}

describe("the tables", () => {
  it("name every API route with each of its methods", async () => {
    const found: string[] = [];
    for (const { path } of entries.filter(({ file }) => file.startsWith("routes/api/"))) {
      const { headers } = await testApp.call("OPTIONS", fill(path, {}));
      for (const method of (headers.get("allow") ?? "").split(", ")) {
        if (method !== "HEAD") found.push(`${method} ${path}`);
      }
    }
    expect(found.sort()).toEqual(Object.keys(rules).sort());
  });

  it("say of each route what it declares: its credential, its keys' mode", () => {
    for (const [name, { credential, keyMode }] of Object.entries(rules)) {
      const [method = "", path = ""] = name.split(" ");
      const route = Object.values(apiModules).find((one) => `/${one.path}` === path);
      const declared = methodsOf(route?.module.loader)?.[method as Method];
      expect([declared?.auth, declared?.keyMode], name).toEqual([credential, keyMode]);
    }
  });

  it("name every form of every page", () => {
    const listed = [
      ...[...forms, ...ownForms].map(({ file, intent }) => `${file} ${intent}`),
      ...Object.keys(otherForms),
    ];
    const found = Object.keys(pages)
      .filter((file) => pages[file] !== "public")
      .flatMap((file) => intentsOf(file).map((intent) => `${file} ${intent}`));
    expect(listed.sort()).toEqual(found.sort());
  });

  it("name every page", () => {
    const files = entries.map(({ file }) => file).filter((file) => !file.startsWith("routes/api/"));
    expect(files.sort()).toEqual(Object.keys(pages).sort());
  });
});

describe.each(Object.entries(rules))("%s", (name, { credential, permission, status, keyMode }) => {
  const isOpen = credential === "none";
  const takesKeys = credential === "apiKey" || credential === "either";
  const takesTokens = credential === "jwt" || credential === "either";
  const hasIds = name.includes(":");

  it("is 401 without a credential, and for one that is not whole", async () => {
    const { ids, testKey } = await thingsToLookAt();
    const { accessToken } = owner;
    const [head = "", payload = "", signature = ""] = accessToken.split(".");
    const forged = Buffer.from(JSON.stringify({ sub: owner.id, merchantId: owner.actor.merchantId }));
    const none = Buffer.from(JSON.stringify({ alg: "none", typ: "JWT" })).toString("base64url");
    const broken = [
      undefined,
      "nonsense",
      // The first character: of the last one, not every bit belongs to the signature.
      `${head}.${payload}.${signature.startsWith("A") ? "B" : "A"}${signature.slice(1)}`,
      `${head}.${forged.toString("base64url")}.${signature}`,
      `${none}.${payload}.`,
      `${testKey.slice(0, -1)}${testKey.endsWith("A") ? "B" : "A"}`,
      testKey.replace("ks_test_", "ks_live_"),
    ];
    for (const token of broken) expect(await statusOf(name, ids, token), token).toBe(isOpen ? status : 401);
    // A browser's session is none here, as it is or in a token's place.
    const cookie = await cookieOf(owner);
    expect(await statusOf(name, ids, undefined, undefined, { cookie })).toBe(isOpen ? status : 401);
    expect(await statusOf(name, ids, cookie.split("=")[1])).toBe(isOpen ? status : 401);
    for (const [what, token] of Object.entries(spentKeys))
      expect(await statusOf(name, ids, token), `a key ${what}`).toBe(isOpen ? status : 401);
  });

  it("is 401 for the other kind of credential", async () => {
    const { ids, testKey } = await thingsToLookAt();
    if (!isOpen && !takesKeys) expect(await statusOf(name, ids, testKey)).toBe(401);
    if (!isOpen && !takesTokens) expect(await statusOf(name, ids, owner.accessToken)).toBe(401);
  });

  if (takesTokens)
    it("lets in the roles that the permission table names, and no other", async () => {
      for (const role of ROLES) {
        const may = permission === null || isAllowed(role, permission);
        const { ids } = may && !name.startsWith("GET ") ? await things() : await thingsToLookAt();
        expect(await statusOf(name, ids, members[role].accessToken), role).toBe(may ? status : 403);
      }
    });

  if (takesTokens && hasIds)
    it("is 404 for another merchant's user, and for ids of another's", async () => {
      const own = await things();
      expect(await statusOf(name, own.ids, stranger.owner.accessToken)).toBe(404);
      // One foreign id among own ones is as good as none; the application's own id is the first.
      const foreign = await thingsToLookAt();
      const names = [...name.matchAll(/:(\w+)/g)].map(([, parameter = ""]) => parameter);
      for (const parameter of names) {
        if (names.length === 1) continue;
        const ids = { ...own.ids, [parameter]: foreign.ids[parameter] ?? "" };
        expect(await statusOf(name, ids, owner.accessToken), `${parameter} of another application`).toBe(404);
      }
      expect(await statusOf(name, {}, owner.accessToken)).toBe(404);
      // Nothing was changed on the way.
      expect(await statusOf(name, own.ids, owner.accessToken)).toBe(status);
    });

  if (takesKeys)
    it("takes a key for its own application and mode only", async () => {
      const { ids, testKey, liveKey } = await things();
      if (hasIds) {
        expect(await statusOf(name, ids, sibling), "another application's key").toBe(404);
        expect(await statusOf(name, ids, liveKey), "a live key on a test session").toBe(keyMode ? 401 : 404);
        expect(await statusOf(name, ids, stranger.fullKey), "another merchant's key").toBe(404);
      }
      if (keyMode) expect(await statusOf(name, ids, liveKey), "a live key").toBe(401);
      expect(await statusOf(name, ids, testKey)).toBe(status);
    });
});

describe("what a status does not show", () => {
  it("a key lists its own application's and mode's sessions, a user the merchant's", async () => {
    const { ids, testKey, liveKey } = await things();
    const idsOf = async (token: string, query = "") =>
      (await testApp.call("GET", `/api/v1/sessions?limit=100${query}`, { token })).json.items.map(
        (item: { id: string }) => item.id,
      );
    expect(await idsOf(testKey)).toEqual([ids.sessionId]);
    expect(await idsOf(liveKey)).toEqual([]);
    expect(await idsOf(sibling)).not.toContain(ids.sessionId);
    expect(await idsOf(owner.accessToken)).toContain(ids.sessionId);
    expect(await idsOf(stranger.owner.accessToken, `&applicationId=${ids.applicationId}`)).toEqual([]);
    const elsewhere = `/api/v1/sessions?applicationId=${stranger.application.id}`;
    expect((await testApp.call("GET", elsewhere, { token: testKey })).status).toBe(400);
    expect((await testApp.call("GET", "/api/v1/sessions?mode=live", { token: testKey })).status).toBe(400);
  });

  it("live connections are for managers", async () => {
    const { ids } = await things();
    for (const role of ROLES) {
      const answer = await testApp.call("POST", `/api/v1/applications/${ids.applicationId}/providers`, {
        token: members[role].accessToken,
        body: connectionBody("live")(),
      });
      // A manager gets as far as the provider's schema, which these credentials do not fit.
      expect(answer.status, role).toBe(isAllowed(role, "providers.write_live") ? 400 : 403);
    }
  });

  it("who has left the team, is disabled or changed the password is out at once", async () => {
    const { services } = testApp;
    const ask = async ({ accessToken }: TestUser) =>
      (await testApp.call("GET", "/api/v1/applications", { token: accessToken })).status;
    const gone = await createUser(services, { merchantId: owner.actor.merchantId, role: "admin" });
    const disabled = await createUser(services, { merchantId: owner.actor.merchantId, role: "admin" });
    const changed = await createUser(services, { merchantId: owner.actor.merchantId, role: "admin" });
    expect(await ask(gone)).toBe(200);
    await services.db.query("delete from memberships where user_id = $1", [gone.id]);
    await services.db.query("update users set disabled_at = now() where id = $1", [disabled.id]);
    await services.db.query(
      "update users set password_changed_at = now() + interval '1 minute' where id = $1",
      [changed.id],
    );
    for (const user of [gone, disabled, changed]) expect(await ask(user)).toBe(401);
  });
});

// ---- Pages ---------------------------------------------------------------------------------------

const modules = import.meta.glob([
  "../../../app/routes/{dashboard,checkout,dev,docs,share}/*.{ts,tsx}",
  "../../../app/routes/not-found.tsx",
]);
interface PageModule {
  loader?: (args: { request: Request; params: Record<string, string>; context: object }) => Promise<unknown>;
  action?: PageModule["loader"];
}

const cookies = new Map<string, string>();
async function cookieOf({ email }: Pick<TestUser, "email">): Promise<string> {
  const known = cookies.get(email);
  if (known) return known;
  const { services } = testApp;
  // Each from an address of its own: the throttle counts tries by address.
  const user = await signIn(
    { ...origin, ip: `198.51.100.${cookies.size + 1}` },
    { email, password: PASSWORD },
    services,
  );
  const { token } = await createUserSession(origin, { user }, services);
  cookies.set(email, `kadosei=${token}`);
  return `kadosei=${token}`;
}

/** The status and place of what a page's loader or action gives or throws. */
/** What an address cannot do without. */
const QUERIES: Record<string, string> = { "routes/dashboard/analytics-csv.ts": "?chart=success" };

async function visit(
  { path, file }: Entry,
  ids: Record<string, string>,
  user: Pick<TestUser, "email"> | null,
  form?: Record<string, string>,
  headers?: Record<string, string>,
): Promise<{ status: number; location: string | null; data: unknown }> {
  const module = (await modules[`../../../app/${file}`]?.()) as PageModule;
  const handler = form ? module.action : module.loader;
  if (!handler) throw new Error(`${file} has no ${form ? "action" : "loader"}`);
  const request = new Request(`http://localhost:3000${fill(path, ids)}${QUERIES[file] ?? ""}`, {
    ...(form ? { method: "POST", body: new URLSearchParams(form) } : {}),
    headers: headers ?? (user ? { cookie: await cookieOf(user) } : {}),
  });
  const params = Object.fromEntries(
    [...path.matchAll(/:(\w+)/g)].map(([, name = ""]) => [name, ids[name] ?? ""]),
  );
  // Some loaders are no async functions, and throw at once.
  const result: unknown = await (async () => handler({ request, params, context: {} }))().catch(
    (thrown: unknown) => thrown,
  );
  if (result instanceof Error) throw result;
  if (result instanceof Response)
    return { status: result.status, location: result.headers.get("location"), data: null };
  const { data = result, init } = (result ?? {}) as { data?: unknown; init?: { status?: number } | null };
  return { status: init?.status ?? 200, location: null, data };
}

const guarded = entries.filter(({ file }) => pages[file] === "merchant" || pages[file] === "application");
/** Pages that answer with another one. */
const REDIRECTS = [
  "routes/dashboard/home.tsx",
  "routes/dashboard/session-link.tsx",
  "routes/dashboard/application-logo.ts",
];
const expected = (file: string) =>
  file === "routes/dashboard/not-found.tsx" ? 404 : REDIRECTS.includes(file) ? 302 : 200;

/** Signs in anew, so that what is done to the session concerns no other test. */
async function freshCookie({ email }: TestUser): Promise<{ token: string; cookie: string }> {
  const ip = `198.51.100.${100 + cookies.size}`;
  cookies.set(newId(), "");
  const user = await signIn({ ...origin, ip }, { email, password: PASSWORD }, testApp.services);
  const { token } = await createUserSession(origin, { user }, testApp.services);
  return { token, cookie: `kadosei=${token}` };
}

describe.each(guarded)("$file", (entry) => {
  it("is opened by a signed-in browser's session only", async () => {
    const { ids, testKey } = await thingsToLookAt();
    const closed: [string, Record<string, string>][] = [
      ["an API key", { authorization: `Bearer ${testKey}` }],
      ["an access token", { authorization: `Bearer ${owner.accessToken}` }],
      ["an access token as the cookie", { cookie: `kadosei=${owner.accessToken}` }],
      ["a session that nobody has", { cookie: `kadosei=${"A".repeat(43)}` }],
      ["an ended session", { cookie: ended.cookie }],
      [
        "the cookie of the other scheme",
        { cookie: (await cookieOf(owner)).replace("kadosei", "__Host-kadosei") },
      ],
    ];
    for (const [what, headers] of closed) {
      const { status, location } = await visit(entry, ids, null, undefined, headers);
      expect([status, location], what).toEqual([302, expect.stringMatching(/^\/sign-in/)]);
    }
    // Kadosei's staff are members of no merchant: they have their account and the support console.
    const { status, location } = await visit(entry, ids, null, undefined, { cookie: staff });
    if (entry.file.includes("/account")) expect(status).toBe(200);
    else expect([status, location]).toEqual([302, "/support"]);
  });

  it("sends who is signed out to sign in, and back here", async () => {
    const { ids } = await thingsToLookAt();
    const { status, location } = await visit(entry, ids, null);
    expect(status).toBe(302);
    const here = fill(entry.path, ids) + (QUERIES[entry.file] ?? "");
    expect(location).toBe(here === "/" ? "/sign-in" : `/sign-in?returnTo=${encodeURIComponent(here)}`);
  });

  it("opens for every role that may look at it", async () => {
    const { ids } = await thingsToLookAt();
    const reader = readers[entry.file];
    for (const role of ROLES) {
      const { status, location, data } = await visit(entry, ids, members[role]);
      if (reader !== undefined && !isAllowed(role, reader)) {
        expect(status, role).toBe(403);
        expect(JSON.stringify(data), role).toContain(`Your role, ${role}, may not`);
        continue;
      }
      expect(status, role).toBe(expected(entry.file));
      expect(location ?? "", role).not.toContain("sign-in");
    }
  });

  if (pages[entry.file] === "application")
    it("is 404 for another merchant's", async () => {
      const { ids } = await thingsToLookAt();
      expect((await visit(entry, ids, stranger.owner)).status).toBe(404);
      const nobody = Object.fromEntries(
        Object.keys(ids).map((name) => [name, name === "mode" ? "test" : newId()]),
      );
      expect((await visit(entry, nobody, owner)).status).toBe(404);
      const nonsense = Object.fromEntries(Object.keys(ids).map((name) => [name, "\u0000"]));
      expect((await visit(entry, nonsense, owner)).status).toBe(404);
    });
});

describe("what is open to everybody", () => {
  it.each(entries.filter(({ file }) => pages[file] === "public"))(
    "$file asks nobody to sign in, and is the same for every role",
    async (entry) => {
      const module = (await modules[`../../../app/${entry.file}`]?.()) as PageModule | undefined;
      expect(module).toBeDefined();
      // Some read nothing.
      if (module?.loader === undefined) return;
      const seen = await visit(entry, {}, null);
      expect(seen.location ?? "").not.toContain("returnTo=");
      expect([401, 403]).not.toContain(seen.status);
      for (const role of ROLES) {
        const { status, location } = await visit(entry, {}, members[role]);
        if (entry.file.endsWith("/sign-in.tsx")) expect([status, location], role).toEqual([302, "/"]);
        else expect([status, location], role).toEqual([seen.status, seen.location]);
      }
    },
  );
});

describe.each(forms)(
  "$intent on $file",
  ({ file, intent, permission, fields, refusedFor, tellsByRedirect }) => {
    const entry = entries.find((candidate) => candidate.file === file) as Entry;
    const form = (ids: Record<string, string>) => ({
      intent,
      id: ids[idOfForm[file] ?? ""] ?? "",
      ...fields?.(ids),
    });

    it("is for the roles of the permission table", async () => {
      for (const role of ROLES) {
        const may = permission === null || isAllowed(role, permission);
        const { ids } = may ? await things() : await thingsToLookAt();
        const { status, location, data } = await visit(entry, ids, members[role], form(ids));
        const why = `Your role, ${role}, may not`;
        if (tellsByRedirect) {
          expect(decodeURIComponent(location ?? "").includes(why), role).toBe(!may);
          continue;
        }
        if (may && refusedFor !== undefined) {
          expect(JSON.stringify(data), role).toContain(refusedFor);
          expect(JSON.stringify(data), role).not.toContain("may not");
        } else if (may) expect(status, `${role} ${JSON.stringify(data)}`).toBeLessThan(400);
        else {
          expect([400, 403, 422], role).toContain(status);
          expect(JSON.stringify(data), role).toContain(why);
        }
      }
    });

    it("is for nobody who is signed out, nor for another merchant", async () => {
      const { ids } = await thingsToLookAt();
      expect((await visit(entry, ids, null, form(ids))).location).toContain("/sign-in");
      // These act on whoever's own merchant it is.
      if (!/(application-new|erase-customer)\.tsx$/.test(file) && intent !== "invite") {
        expect([400, 404]).toContain(
          (await visit(entry, ids, stranger.owner, form(ids)).catch(() => ({ status: 404 }))).status,
        );
        const still = await testApp.call("GET", `/api/v1/applications/${ids.applicationId}`, {
          token: owner.accessToken,
        });
        expect(still.json.isEnabled).toBe(true);
      }
    });
  },
);

// ---- Kadosei's staff -----------------------------------------------------------------------------

describe("Kadosei's staff on a visit", () => {
  const visitor = { email: "visitor@kadosei.example" };
  let userId: string;

  beforeAll(async () => {
    const { services } = testApp;
    const input = { ...visitor, password: PASSWORD, firstName: "Ines", lastName: "Albrecht", isStaff: true };
    userId = (await createUserCommand(systemActor, input, services)).id;
    await cookieOf(visitor);
    const session = await services.db.prisma.userSession.findFirstOrThrow({ where: { userId } });
    await enterMerchant(
      { ...origin, kind: "user", role: "staff", userId, label: "Ines Albrecht", userSessionId: session.id },
      { merchantId: owner.actor.merchantId, reason: "Ticket 4711: nothing works" },
      services,
    );
  });

  // One's own account is no merchant's.
  const looked = guarded.filter(({ file }) => !file.includes("/account"));
  it.each(looked)("reads $file and leaves a line, or is refused", async (entry) => {
    const { ids } = await thingsToLookAt();
    const { status, data } = await visit(entry, ids, visitor);
    const file = downloads[entry.file];
    if (entry.file in readers || (file !== undefined && !isAllowed("staff", file))) {
      expect(status).toBe(403);
      expect(JSON.stringify(data)).toContain("Kadosei's support only looks");
    } else expect(status).toBe((await visit(entry, ids, owner)).status);
    const viewed = await testApp.services.db.prisma.auditLog.findMany({
      where: { merchantId: owner.actor.merchantId, actorKind: "staff", action: "support.viewed" },
    });
    const address = fill(entry.path, ids) + (QUERIES[entry.file] ?? "");
    expect(viewed.map(({ targetLabel }) => targetLabel)).toContain(address);
  });

  const writing = forms.filter(({ permission }) => permission !== null && !isAllowed("staff", permission));
  it.each(writing)("cannot send $intent on $file", async ({ file, intent, fields, tellsByRedirect }) => {
    const entry = entries.find((candidate) => candidate.file === file) as Entry;
    const { ids } = await thingsToLookAt();
    const before = await newestLine();
    const form = { intent, id: ids[idOfForm[file] ?? ""] ?? "", ...fields?.(ids) };
    const { status, location, data } = await visit(entry, ids, visitor, form);
    expect(tellsByRedirect ? [302] : [400, 403, 422]).toContain(status);
    expect(JSON.stringify(data) + decodeURIComponent(location ?? "")).toContain(
      "Kadosei's support only looks",
    );
    // Nothing but that they were there.
    const lines = await linesSince(before);
    expect(lines.filter(({ action }) => action !== "support.viewed")).toEqual([]);
  });

  it.each(
    Object.entries(rules).filter(([, { credential }]) => credential === "jwt" || credential === "either"),
  )("has no token for %s", async (name) => {
    const { ids } = await thingsToLookAt();
    const token = await signAccessToken({ userId, merchantId: owner.actor.merchantId }, testApp.services);
    expect(await statusOf(name, ids, token)).toBe(401);
  });

  it("is nobody's but staff's: for others there is no console", async () => {
    const { ids } = await thingsToLookAt();
    const params = { ...ids, merchantId: owner.actor.merchantId };
    for (const entry of entries.filter(({ file }) => pages[file] === "staff")) {
      if (entry.file.endsWith("support-leave.tsx")) {
        expect((await visit(entry, params, owner, {})).status).toBe(404);
        continue;
      }
      expect((await visit(entry, params, null)).location, entry.file).toContain("/sign-in?returnTo=");
      for (const role of ROLES) expect((await visit(entry, params, members[role])).status, role).toBe(404);
      expect((await visit(entry, params, visitor)).status).toBe(200);
      if (entry.file.endsWith("support-enter.tsx")) {
        expect((await visit(entry, params, owner, { reason: "Let me in, please" })).status).toBe(404);
        expect((await visit(entry, { ...params, merchantId: newId() }, visitor)).status).toBe(404);
        for (const reason of ["", "short", "         x         "]) {
          expect((await visit(entry, params, visitor, { reason })).status, reason).toBe(400);
        }
        const away = await visit(entry, params, visitor, {
          reason: "Ticket 4711: nothing works",
          returnTo: "//evil.example",
        });
        expect([away.status, away.location]).toEqual([302, "/"]);
      }
    }
  });
});

// ---- Another merchant's ids, everywhere ------------------------------------------------------------

/** Everything that a merchant has but the log of its own calls, as one digest for each table. */
async function digestOf(merchantId: string): Promise<Record<string, string>> {
  const { db } = testApp.services;
  const tables = await db.query<{ name: string }>(
    `select table_name as name from information_schema.columns
      where table_schema = 'public' and column_name = 'merchant_id' and table_name <> 'api_request_logs' order by 1`,
  );
  const digests: Record<string, string> = {};
  for (const { name } of tables) {
    const [row] = await db.query<{ digest: string | null }>(
      `select md5(string_agg(t::text, '|' order by t::text)) as digest from ${name} t where merchant_id = $1`,
      [merchantId],
    );
    digests[name] = row?.digest ?? "";
  }
  return digests;
}

/** What names a thing, in a body or a form. */
const idNames = [
  "applicationId",
  "merchantId",
  "mode",
  "role",
  "userId",
  "id",
  "isStaff",
  "createdById",
  "apiKeyId",
];

describe("another merchant's things", { timeout: 120_000 }, () => {
  let own: Things;
  let foreign: Things;
  let before: Record<string, string>;

  beforeAll(async () => {
    own = await things();
    foreign = await things(stranger.owner);
    await testApp.services.apiLog.flush();
    // What the stranger's own calls and webhooks still write has been written.
    await testApp.services.jobs.stop(5_000);
    before = await digestOf(stranger.merchant.id);
  }, 120_000);

  const parametersOf = (path: string) => [...path.matchAll(/:(\w+)/g)].map(([, name = ""]) => name);

  it("are there to be found: the same ids open them to their own merchant", async () => {
    for (const name of Object.keys(rules).filter((one) => one.startsWith("GET ") && one.includes(":"))) {
      const token = rules[name]?.credential === "apiKey" ? foreign.testKey : stranger.owner.accessToken;
      expect(await statusOf(name, foreign.ids, token), name).toBe(200);
    }
  });

  it("are 404 in any place of any path of the API, whatever is done to them", async () => {
    for (const name of Object.keys(rules).filter((one) => one.includes(":"))) {
      const { credential = "none" } = rules[name] ?? {};
      if (credential === "none") continue;
      const token = credential === "apiKey" ? own.testKey : owner.accessToken;
      for (const parameter of parametersOf(name)) {
        const ids = { ...own.ids, [parameter]: foreign.ids[parameter] ?? "" };
        expect(await statusOf(name, ids, token), `${name}: ${parameter}`).toBe(404);
      }
      expect(await statusOf(name, foreign.ids, token), name).toBe(404);
    }
  });

  it("are refused in any body of the API, which takes no member that it does not name", async () => {
    for (const [name, { body, credential, status }] of Object.entries(rules)) {
      const valid = body?.();
      if (credential === "none" || typeof valid !== "object" || valid === null) continue;
      const token = credential === "jwt" ? owner.accessToken : own.testKey;
      const [method = "", path = ""] = name.split(" ");
      const values = { ...foreign.ids, merchantId: stranger.merchant.id, role: "owner", isStaff: true };
      for (const member of [...idNames, "__proto__", "constructor"]) {
        if (Object.hasOwn(valid, member)) continue;
        const value = (values as Record<string, unknown>)[member] ?? newId();
        // Written by hand: an object would lose its own __proto__.
        const rawBody = `${JSON.stringify(valid).slice(0, -1)},${JSON.stringify(member)}:${JSON.stringify(value)}}`;
        const answer = await testApp.call(method, fill(path, own.ids), {
          token,
          rawBody: rawBody.replace("{,", "{"),
          headers: { "idempotency-key": newId() },
        });
        // A few bodies name their mode or id themselves.
        if (answer.status === status && (member === "mode" || member === "id")) continue;
        expect(answer.status, `${name}: ${member}: ${answer.text}`).toBe(400);
        // Members that would change an object's kind make the body no JSON for us.
        if (idNames.includes(member)) expect(answer.text, `${name}: ${member}`).toContain(member);
      }
    }
  });

  it("are 404 in any place of any page's address", async () => {
    for (const entry of guarded.filter(({ file }) => pages[file] === "application")) {
      for (const parameter of parametersOf(entry.path).filter((name) => name !== "mode")) {
        const ids = { ...own.ids, [parameter]: foreign.ids[parameter] ?? "" };
        expect((await visit(entry, ids, owner)).status, `${entry.file}: ${parameter}`).toBe(404);
      }
      expect((await visit(entry, foreign.ids, owner)).status, entry.file).toBe(404);
    }
  });

  it("are out of reach of every form, in its address and in every field", async () => {
    for (const { file, intent, fields } of forms) {
      const entry = entries.find((one) => one.file === file) as Entry;
      const names = [...new Set([...idNames, ...Object.keys(foreign.ids)])];
      const form = {
        ...Object.fromEntries(names.map((name) => [name, foreign.ids[name] ?? stranger.merchant.id])),
        ...fields?.(foreign.ids),
        intent,
      };
      const tried = [
        foreign.ids,
        ...parametersOf(entry.path).map((name) => ({ ...own.ids, [name]: foreign.ids[name] ?? "" })),
      ];
      const id = foreign.ids[idOfForm[file] ?? ""] ?? "";
      for (const ids of tried) await visit(entry, ids, owner, { ...form, id }).catch(() => null);
    }
  });

  it("are all as they were", async () => {
    expect(await digestOf(stranger.merchant.id)).toEqual(before);
  });
});

// ---- What the audit log has of it -----------------------------------------------------------------

/** Calls that leave no line, and why. Whatever else changes something and leaves none fails below. */
const unlogged: Record<string, string> = {
  [`POST ${app}/routing/preview`]: "changes nothing",
  "POST /api/v1/sessions": "a payment: the session's own timeline",
  "POST /api/v1/sessions/:sessionId/expire": "a payment: the session's own timeline",
  "POST /api/v1/checkout-sessions": "a payment: the session's own timeline",
  "POST /api/sandbox/v1/checkout-sessions": "a payment: the session's own timeline",
  "POST /api/v1/merchants/signup": "refused here; tests/integration/users/invitation.test.ts",
  "POST /api/v1/auth/login": "refused here; tests/integration/users/sign-in.test.ts",
  "POST /api/v1/auth/refresh": "refused here, and changes no more than the sign-in that has a line",
  "POST /api/v1/providers/:provider/webhooks/:connectionId": "a provider, and refused here",
};

/** Forms that leave no line, and why. */
const unloggedForms: Record<string, string> = {
  "routes/dashboard/erase-customer.tsx find": "changes nothing",
  "routes/dashboard/application-logo.ts remove-logo":
    "there is none here; tests/integration/applications/checkout-brand.test.ts",
  "routes/dashboard/erase-customer.tsx erase": "erases nobody here; tests/integration/privacy/erase.test.ts",
  "routes/dashboard/sessions.tsx expire-chosen": "chooses none here; each expired one has the line of expire",
  "routes/dashboard/sessions.tsx view-save": "how somebody looks at a page",
  "routes/dashboard/sessions.tsx table": "how this browser shows the table",
};

/** What makes a form have something to do. */
const opposites: Record<string, string> = { enable: "disable", resume: "pause", activate: "deactivate" };

function linesSince(position: bigint) {
  const { merchantId } = owner.actor;
  return testApp.services.db.prisma.auditLog.findMany({ where: { merchantId, position: { gt: position } } });
}
/** Something to go back from. */
async function saveRouting({ applicationId }: Record<string, string>, query = ""): Promise<void> {
  const body = rules[`PUT ${app}/routing`]?.body?.();
  const saved = await testApp.call("PUT", `/api/v1/applications/${applicationId}/routing${query}`, {
    token: owner.accessToken,
    body,
  });
  expect(saved.status).toBe(200);
}
async function newestLine(): Promise<bigint> {
  const { merchantId } = owner.actor;
  return (await testApp.services.db.prisma.auditHead.findUniqueOrThrow({ where: { merchantId } })).position;
}

describe("the audit log has a line, with who and from where, of", () => {
  const unsafe = Object.keys(rules).filter((name) => !name.startsWith("GET "));

  it("every API call that changes something: exceptions are named, and exist", () => {
    expect(unsafe).toEqual(expect.arrayContaining(Object.keys(unlogged)));
  });

  it.each(unsafe.filter((name) => !(name in unlogged)))("%s", async (name) => {
    const { ids } = await things();
    const isRevert = name.endsWith("/revert");
    if (isRevert) await saveRouting(ids);
    const before = await newestLine();
    const body = isRevert ? { version: 1, to: 0 } : undefined;
    expect(await statusOf(name, ids, owner.accessToken, body)).toBe(rules[name]?.status);
    const lines = await linesSince(before);
    expect(lines.length).toBeGreaterThan(0);
    for (const line of lines) {
      expect(line).toMatchObject({ actorKind: "user", actorId: owner.id, ip: "127.0.0.1" });
      expect(line.requestId).toMatch(/^[0-9a-f-]{36}$/);
    }
  });

  it.each(
    forms.filter(
      ({ file, intent, refusedFor }) => refusedFor === undefined && !(`${file} ${intent}` in unloggedForms),
    ),
  )("$intent on $file", async ({ file, intent, fields }) => {
    const entry = entries.find((candidate) => candidate.file === file) as Entry;
    const { ids } = await things();
    const isRevert = intent === "revert";
    if (isRevert) await saveRouting(ids, "?mode=test");
    // Another role than the form gives.
    await testApp.services.db.query("update memberships set role = 'support' where user_id = $1", [
      colleague.id,
    ]);
    const form = {
      intent,
      id: ids[idOfForm[file] ?? ""] ?? "",
      ...fields?.(ids),
      ...(isRevert && { version: "1" }),
    };
    const opposite = opposites[intent];
    if (opposite !== undefined) await visit(entry, ids, owner, { ...form, intent: opposite });
    const before = await newestLine();
    const { status } = await visit(entry, ids, owner, form);
    expect(status).toBeLessThan(400);
    const lines = await linesSince(before);
    expect(lines.length).toBeGreaterThan(0);
    expect(lines.every(({ actorId }) => actorId === owner.id)).toBe(true);
  });
});
