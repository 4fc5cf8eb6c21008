import { mkdirSync, writeFileSync } from "node:fs";
import { type APIRequestContext, type FullConfig, request } from "@playwright/test";
import { Api } from "./api";
import { chooseMethod, type Places, payByPhone } from "./pages";
import { idle, newcomer, owner, password, staff } from "./people.mjs";

/** What the setup leaves to the tests: one sign-in for all of them, as each is a line in the audit log. */
export const visualState = (name: string) => `.cache/visual/${name.replace(/\W+/g, "-")}.json`;

/** Signs in, and finds or makes what the pages are about: one thing after the other, so that each run makes the same. */
export default async function setUp(config: FullConfig): Promise<void> {
  const baseURL = config.projects[0]!.use.baseURL!;
  mkdirSync(".cache/visual", { recursive: true });
  const browsers: Record<string, APIRequestContext> = {};
  for (const email of [owner, idle, newcomer, staff]) {
    const browser = await request.newContext({
      baseURL,
      userAgent: "Mozilla/5.0 (X11; Linux x64) Chrome/130.0",
    });
    const form = { intent: "password", email, password, returnTo: "/" };
    await browser.post("/sign-in", { form, maxRedirects: 0, headers: { origin: baseURL } });
    await browser.storageState({ path: visualState(email) });
    browsers[email] = browser;
  }
  const mine = browsers[owner]!;
  /** The first link on a page that matches. */
  const link = async (page: string, pattern: RegExp): Promise<string> => {
    const html = await (await mine.get(page)).text();
    const found = [...html.matchAll(/href="([^"]+)"/g)].map(([, href]) => href!.replaceAll("&amp;", "&"));
    const match = found.find((href) => pattern.test(href));
    if (match === undefined) throw new Error(`${page} has no link like ${pattern}:\n${found.join("\n")}`);
    return match;
  };

  const applications = await (await mine.get("/applications")).text();
  const shop = /<a [^>]*aria-label="Open Web shop"[^>]*href="([^"]+)"/.exec(applications)![1]!;
  const sessions = (query: string) => link(`${shop}/sessions?${query}`, /\/sessions\/[\da-f-]{36}$/);
  const failed = await sessions("status=FAILED");
  const webhook = await link(`${shop}/webhooks`, /\/webhooks\/[\da-f-]{36}$/);
  const delivery = await link(webhook, /\?delivery=/);

  // A merchant that is in no picture, but as its customers see it.
  const guest = await request.newContext();
  const theirs = await Api.signIn(guest, baseURL, newcomer);
  const { id, key } = await theirs.createApplication("Corner shop");
  // One provider for cards: routing tries them out, and it would be another one each time.
  const { body: connections } = await theirs.call("GET", `/applications/${id}/providers`);
  const kiotapay = connections.items.find((one: { provider: string }) => one.provider === "kiotapay");
  await theirs.call("PATCH", `/applications/${id}/providers/${kiotapay.id}`, {
    paymentMethods: ["mpesa_stk"],
  });
  const expired = await theirs.createSession(key);
  await theirs.call("POST", `/sessions/${expired.sessionId}/expire`, undefined, key);
  // Theirs, because each look at it is a line in the audit log.
  const { body: toShare } = await theirs.call("GET", `/sessions/${expired.sessionId}`);
  const sharing = await browsers[newcomer]!.post(`/apps/${id}/test/sessions/${expired.sessionId}?share=1`, {
    form: { intent: "share", provider: toShare.providerName, lifetime: "24h" },
    headers: { origin: baseURL },
  });

  const places: Places = {
    shop,
    live: shop.replace(/test$/, "live"),
    idleApplication: (await (await Api.signIn(guest, baseURL, idle)).createApplication("Nothing yet")).id,
    ended: { FAILED: failed, SUCCEEDED: await sessions("status=SUCCEEDED") },
    open: await sessions("status=PENDING"),
    shared: /\/share\/[\w-]{43}/.exec(await sharing.text())![0],
    webhook,
    delivery,
    event: await link(delivery, /\/webhooks\/events\//),
    decision: await link(`${shop}/routing/decisions`, /\/routing\/decisions\/[\da-f-]{36}$/),
    log: await link(`${shop}/developers/logs`, /\/developers\/logs\/[\da-f-]{36}$/),
    pay: {
      open: (await theirs.createSession(key)).checkoutUrl,
      methods: (await theirs.call("POST", "/checkout-sessions", chooseMethod, key)).body.checkoutUrl,
      paid: "",
      expired: expired.checkoutUrl,
    },
    simulator: {
      card: await theirs.continueToProvider(await theirs.createSession(key)),
      phone: await theirs.continueToProvider(await theirs.createSession(key, payByPhone)),
    },
  };
  writeFileSync(visualState("places"), JSON.stringify(places, null, 2));
  for (const browser of [...Object.values(browsers), guest]) await browser.dispose();
}
