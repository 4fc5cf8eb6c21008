import { expect, type Page } from "@playwright/test";
import { idle, invited, owner, staff } from "./people.mjs";

export type Who = typeof owner | typeof idle | typeof staff | "nobody";

/** Where the data of the pages is. */
export interface Places {
  shop: string;
  live: string;
  idleApplication: string;
  ended: Record<"FAILED" | "SUCCEEDED", string>;
  open: string;
  /** A share link. */
  shared: string;
  webhook: string;
  delivery: string;
  event: string;
  decision: string;
  log: string;
  pay: Record<"open" | "methods" | "paid" | "expired", string>;
  simulator: Record<"card" | "phone", string>;
}

/** What makes a session that is paid by phone, over the documentation's example. */
export const payByPhone = {
  paymentMethod: "mpesa_stk",
  currency: "KES",
  amount: { total: 1500 },
  orderItems: [{ name: "Tea", quantity: 1, unitPrice: 1500 }],
};

/** The whole body of a session whose customer chooses how to pay. */
export const chooseMethod = {
  amount: 1500,
  currency: "KES",
  description: "Payment for order #12345",
  successUrl: "https://shop.example/paid",
  cancelUrl: "https://shop.example/cancelled",
  paymentMethods: ["CARD", "MPESA_STK"],
};

/** Every page: its name, who looks at it, where it is, and something that only the right page says. */
export const pages: [name: string, who: Who, path: (places: Places) => string, says: string | RegExp][] = [
  ["sign-in", "nobody", () => "/sign-in", "Running this on your own machine?"],
  ["a forgotten password", "nobody", () => "/forgot-password", "Send the link"],
  ["a dead link", "nobody", () => "/reset-password", "This link does not work"],
  ["an invitation", "nobody", () => `/invitation?token=${invited.looked[0]!.token}`, "Join Idle Ltd"],
  ["the account", owner, () => "/account", "Times are shown in it, for you only."],
  ["password and sign-ins", owner, () => "/account/security", "Sign out everywhere"],
  [
    "signing out everywhere",
    owner,
    () => "/account/security?ask=sign-out-everywhere",
    "this one too, and every program",
  ],
  ["two-factor, not set up", owner, () => "/account/two-factor", "confirm first that it is you"],
  ["overview", owner, ({ shop }) => `${shop}?range=90d`, "Paid volume by currency"],
  [
    "overview with the first steps",
    idle,
    ({ idleApplication: id }) => `/apps/${id}/test`,
    "Get to your first paid test session",
  ],
  ["sessions", owner, ({ shop }) => `${shop}/sessions`, "1–20"],
  [
    "sessions without a match",
    owner,
    ({ shop }) => `${shop}/sessions?q=nothing-like-it`,
    "No session matches",
  ],
  [
    "sessions by several filters",
    owner,
    ({ shop }) =>
      `${shop}/sessions?status=FAILED&status=EXPIRED&status.op=not&amount=1&amount.op=between&amount.to=90000`,
    "Status is not",
  ],
  [
    "expiring chosen sessions",
    owner,
    ({ open }) => open.replace(/\/sessions\/(.+)$/, "/sessions?ask=expire&id=$1"),
    "Expire 1 session?",
  ],
  [
    "sessions of nobody yet",
    idle,
    ({ idleApplication: id }) => `/apps/${id}/test/sessions`,
    "No test sessions yet",
  ],
  ["a failed session", owner, ({ ended }) => ended.FAILED, "What to do"],
  ["a succeeded session", owner, ({ ended }) => ended.SUCCEEDED, "Final: paid."],
  ["an open session", owner, ({ open }) => open, "Open checkout"],
  ["analytics", owner, ({ shop }) => `${shop}/analytics?range=30d`, "Time to pay, by payment method"],
  [
    "analytics of a currency without decimals",
    owner,
    ({ shop }) => `${shop}/analytics?range=90d&by=method&measure=conversion&volume=JPY&percentile=p95`,
    "Paid volume in JPY",
  ],
  [
    "analytics of a time without sessions",
    owner,
    ({ shop }) => `${shop}/analytics?from=2020-01-01&to=2020-01-31`,
    "No session from 1 Jan 2020 to 31 Jan 2020",
  ],
  [
    "analytics of nobody yet",
    idle,
    ({ idleApplication: id }) => `/apps/${id}/test/analytics`,
    "Nothing to analyse in test mode yet",
  ],
  ["sharing a session", owner, ({ open }) => `${open}?share=1`, "Share with a provider’s support desk"],
  ["a shared session", "nobody", ({ shared }) => shared, "The customer’s data is masked"],
  ["routing", owner, ({ shop }) => `${shop}/routing?period=7d`, "Provider health"],
  [
    "routing, its cost",
    owner,
    ({ shop }) => `${shop}/routing?period=30d&show=cost`,
    "against the lowest fee",
  ],
  [
    "routing of nobody yet",
    idle,
    ({ idleApplication: id }) => `/apps/${id}/test/routing`,
    "Nothing was routed in test mode yet",
  ],
  ["routing decisions", owner, ({ shop }) => `${shop}/routing/decisions?period=30d`, "1–20"],
  [
    "routing decisions without a match",
    owner,
    ({ shop }) => `${shop}/routing/decisions?provider=nobody`,
    "No decision matches",
  ],
  [
    "routing decisions of nobody yet",
    idle,
    ({ idleApplication: id }) => `/apps/${id}/test/routing/decisions`,
    "No decision in test mode yet",
  ],
  ["a routing decision", owner, ({ decision }) => decision, "Recomputed now from the receipt"],
  // The newest come first, and other tests make some: the seed's own may be on the second page by now.
  ["applications", owner, () => "/applications", /\d test, \d live/],
  ["a new application", owner, () => "/applications/new", "Create application"],
  ["an application", owner, ({ shop }) => `/applications/${shop.split("/")[2]}`, "Availability"],
  [
    "an application, making its callback secret",
    owner,
    ({ shop }) => `/applications/${shop.split("/")[2]}?ask=callback-secret`,
    "It is shown once, right after this.",
  ],
  ["notices", owner, () => "/notices", "An API key expires soon"],
  ["notices of nobody yet", idle, () => "/notices", "No notice yet"],
  ["erasing a customer", owner, () => "/applications/erase-customer", "Look for payment sessions"],
  ["API keys", owner, ({ shop }) => `${shop}/api-keys`, "ks_test_"],
  ["API keys, creating one", owner, ({ shop }) => `${shop}/api-keys?new=1`, "Create a test key"],
  ["test providers", owner, ({ shop }) => `${shop}/providers`, "Success rate, %"],
  ["connecting a provider", owner, ({ shop }) => `${shop}/providers?connect=stripe`, "Fixed amount"],
  ["live providers", owner, ({ live }) => `${live}/providers`, "Providers"],
  ["routing rules", owner, ({ shop }) => `${shop}/routing/rules`, "Percentage splits"],
  ["routing rules, reverting", owner, ({ shop }) => `${shop}/routing/rules?revert=1`, "Revert to version 1?"],
  ["what if", owner, ({ shop }) => `${shop}/routing/what-if`, "Nothing is different yet"],
  [
    "what if the fees counted more",
    owner,
    ({ shop }) => `${shop}/routing/what-if?period=30d&rules=none&cost=5`,
    "of volume",
  ],
  ["webhooks", owner, ({ shop }) => `${shop}/webhooks`, "Last delivery"],
  ["a webhook endpoint", owner, ({ webhook }) => webhook, "Send test event"],
  ["recovering what was missed", owner, ({ webhook }) => `${webhook}?ask=recover`, "Recover missed events"],
  ["an integration drill, not run", owner, ({ webhook }) => `${webhook}/drill`, "Not run yet"],
  ["a webhook event", owner, ({ event }) => event, "signed, the same for everybody"],
  ["a delivery", owner, ({ delivery }) => delivery, "Request headers"],
  ["API logs", owner, ({ shop }) => `${shop}/developers/logs`, "Idempotency"],
  ["API logs without a match", owner, ({ shop }) => `${shop}/developers/logs?q=nothing`, "No call matches"],
  ["an API call", owner, ({ log }) => log, "Copy as curl"],
  ["the team", owner, () => "/team", "Link works until"],
  ["the team, inviting", owner, () => "/team?invite=1", "works once, for two hours"],
  ["the audit log", owner, () => "/audit-log", "1–20"],
  ["the audit log without a match", owner, () => "/audit-log?q=nothing-like-it", "No line matches"],
  ["the support console", staff, () => "/support", "Support console"],
  ["the pay page", "nobody", ({ pay }) => pay.open, "Continue"],
  ["the pay page, several methods", "nobody", ({ pay }) => pay.methods, "M-Pesa"],
  ["the pay page, paid", "nobody", ({ pay }) => pay.paid, /paid/i],
  ["the pay page, expired", "nobody", ({ pay }) => pay.expired, /expired|closed/i],
  ["the provider's page for a card", "nobody", ({ simulator }) => simulator.card, "Security code"],
  ["the provider's page for a phone", "nobody", ({ simulator }) => simulator.phone, "M-Pesa phone number"],
  ["the shop after a payment", "nobody", () => "/demo-shop/success", "Thank you for your order"],
  ["the shop after a failure", "nobody", () => "/demo-shop/failure", "The order was not paid"],
  ["the documentation", "nobody", () => "/docs", "Base URL"],
  ["an operation", "nobody", () => "/docs/api/createSession", "orderReference"],
  ["an operation with parameters", "nobody", () => "/docs/api/listSessions", "Query parameters"],
  ["an event", "nobody", () => "/docs/events/session.completed", "webhook-signature"],
  ["a guide with samples", "nobody", () => "/docs/guides/webhooks", "Verify the signature"],
  ["a guide with catalogues", "nobody", () => "/docs/guides/testing", "4242 4242 4242 4242"],
  ["mail that was not sent", "nobody", () => "/dev/mail", "An API key expires soon"],
  ["the components", "nobody", () => "/dev/components", "Components"],
  ["no page of an application", owner, ({ shop }) => `${shop}/nowhere`, "There is no such page"],
  ["no page at all", "nobody", () => "/nowhere/at/all", "There is no such page"],
];

/** Waits until React has taken the page over: only then has it complained about what the server sent, and listens to keys. */
export async function takenOver(page: Page): Promise<void> {
  // A plain page is whole as it comes: no React takes it over.
  await page.waitForFunction(
    () =>
      document.querySelector("script[type=module]") === null ||
      Object.keys(document.querySelector("main") ?? {}).some((name) => name.startsWith("__react")),
  );
}

export async function openPage(page: Page, path: string, says: string | RegExp): Promise<void> {
  await page.goto(path);
  await expect(page.getByText(says).filter({ visible: true }).first()).toBeVisible();
  await takenOver(page);
}
