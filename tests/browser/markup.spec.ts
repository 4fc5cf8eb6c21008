import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { exampleSessionBody } from "../../app/contracts/example-session";
import { Api } from "./support/api";
import { CLOSING, collectReports, lookAt, PAYLOAD, settle } from "./support/markup";
import { marked } from "./support/people.mjs";
import { expect, owner, signIn, test } from "./support/test";

test.describe("markup in every text", () => {
  test.use({ storageState: ({ states }, use) => use(states[owner]) });
  test("is shown as text on every page that has it", async ({ context, page, api, origin }) => {
    test.slow();
    const reports = await collectReports(context);
    // A receiver that answers with markup too.
    const receiver = createServer((request, response) => {
      request.resume();
      response.writeHead(500, { "content-type": "text/html", "x-note": PAYLOAD }).end(PAYLOAD + CLOSING);
    });
    await new Promise<void>((resolve) => receiver.listen(0, "127.0.0.1", resolve));
    const hooks = `http://localhost:${(receiver.address() as AddressInfo).port}/hooks?q=${encodeURIComponent(PAYLOAD)}`;
    const name = `${PAYLOAD} ${Date.now()}`;
    const { id, key } = await api.createApplication(name);
    const created = async (path: string, body: unknown, method = "POST") => {
      const answer = await api.call(method, `/applications/${id}${path}`, body);
      expect(answer.status, JSON.stringify(answer.body)).toBeLessThan(300);
      return answer.body;
    };
    await created("", { description: PAYLOAD + CLOSING }, "PATCH");
    await created("/api-keys", { description: PAYLOAD, mode: "test" });
    const endpoint = await created("/webhooks", { url: hooks, mode: "test" });
    await created(
      "/routing",
      {
        version: 0,
        weights: { margin: 1, cost: 1, speed: 1 },
        rules: {},
        note: PAYLOAD,
      },
      "PUT",
    );
    const example = exampleSessionBody(origin);
    const address = {
      line1: PAYLOAD,
      line2: CLOSING,
      city: PAYLOAD,
      state: PAYLOAD,
      postalCode: "<b>1",
      country: "AU",
    };
    const session = await api.createSession(key, {
      orderReference: PAYLOAD,
      description: CLOSING,
      orderItems: [{ ...example.orderItems[0], name: PAYLOAD, sku: CLOSING }],
      customer: {
        ...example.customer,
        firstName: PAYLOAD,
        lastName: CLOSING,
        billingAddress: address,
        shippingAddress: address,
      },
      shipping: { type: PAYLOAD, method: CLOSING },
      additionalInformation: { [PAYLOAD]: CLOSING },
    });
    // Links can be nothing but addresses of the web.
    for (const success of ["javascript:xss()", "data:text/html,<script>xss()</script>", "vbscript:x"]) {
      const { status } = await api.call(
        "POST",
        "/sessions",
        { ...example, redirectUrls: { success, failure: success } },
        key,
      );
      expect(status, success).toBe(400);
    }
    const choices = await api.call(
      "POST",
      "/checkout-sessions",
      {
        amount: 1500,
        currency: "KES",
        description: PAYLOAD,
        externalReference: CLOSING,
        successUrl: "https://shop.example/paid",
        cancelUrl: "https://shop.example/cancelled",
        paymentMethods: ["CARD", "MPESA_STK"],
      },
      key,
    );
    expect(choices.status, JSON.stringify(choices.body)).toBe(201);
    await api.pay(key, session, "4000 0000 0000 0002");
    const { deliveryId } = await created(`/webhooks/${endpoint.id}/test`, {});
    const deliveries = () => api.call("GET", `/applications/${id}/webhooks/${endpoint.id}/deliveries`);
    await expect
      .poll(async () =>
        JSON.stringify(
          (await deliveries()).body.items.map(
            (item: { id: string; attemptCount: number }) => item.attemptCount,
          ),
        ),
      )
      .not.toContain("0");
    const { eventId } = (await deliveries()).body.items.find(
      (item: { id: string }) => item.id === deliveryId,
    );
    const logged = () => api.call("GET", `/applications/${id}/api-logs?q=${session.sessionId}`);
    await expect.poll(async () => (await logged()).body.totalItems).toBeGreaterThan(0);
    const log = (await logged()).body.items.at(-1).id;

    const shop = `/apps/${id}/test`;
    const query = encodeURIComponent(PAYLOAD);
    const places = [
      ...[
        "/applications",
        `/applications/${id}`,
        shop,
        `${shop}/sessions`,
        `${shop}/sessions/${session.sessionId}`,
      ],
      ...[`${shop}/routing`, `${shop}/routing/decisions`, `${shop}/routing/rules`, `${shop}/routing/what-if`],
      ...[`${shop}/api-keys`, `${shop}/providers`, `${shop}/webhooks`, `${shop}/webhooks/${endpoint.id}`],
      ...[`${shop}/webhooks/events/${eventId}`, `${shop}/webhooks/${endpoint.id}?delivery=${deliveryId}`],
      ...[`${shop}/developers/logs`, `${shop}/developers/logs/${log}`],
      // What an address says is shown too.
      ...[`${shop}/sessions?q=${query}&reference=${query}&customer=${query}&status=${query}&sort=${query}`],
      ...[
        `${shop}/developers/logs?q=${query}`,
        `${shop}/${query}`,
        `/${query}`,
        `/sign-in?returnTo=${query}`,
      ],
      ...[`${shop}/webhooks?new=${query}`, `/docs/guides/${query}`, `/demo-shop/${query}`],
      ...[choices.body.checkoutUrl, session.checkoutUrl],
    ];
    const shown = await lookAt(page, places);
    // The customer's pages of another session: what is paid shows no form any more.
    const open = await api.createSession(key, { description: PAYLOAD, orderReference: PAYLOAD });
    await page.goto(await api.continueToProvider(open));
    await settle(page);
    receiver.closeAllConnections();
    receiver.close();
    expect(reports).toEqual([]);
    // It was there to be run: most of these pages show it.
    expect(shown.length, shown.join("\n")).toBeGreaterThan(12);
  });
});

test("a person's name, a merchant's name and what programs say of themselves are shown as text", async ({
  browser,
  origin,
  playwright,
}) => {
  test.slow();
  const program = `Mozilla/5.0 ${PAYLOAD}`;
  const context = await browser.newContext({ baseURL: origin, userAgent: program });
  const reports = await collectReports(context);
  const page = await context.newPage();
  await signIn(page, marked);
  await page.goto("/account");
  await page.getByLabel("First name").fill(PAYLOAD);
  await page.getByLabel("Last name").fill(CLOSING);
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByText("Saved", { exact: true })).toBeVisible();

  // What the API's log keeps of a call's headers and address.
  const request = await playwright.request.newContext();
  const api = await Api.signIn(request, origin, marked);
  const { id, key } = await api.createApplication(`Marked ${Date.now()}`);
  const { sessionId, routing } = await api.createSession(key);
  const headers = {
    authorization: `Bearer ${key}`,
    "user-agent": program,
    "idempotency-key": PAYLOAD,
    "x-request-id": PAYLOAD,
    "x-forwarded-for": PAYLOAD,
    referer: `${origin}/?${encodeURIComponent(PAYLOAD)}`,
  };
  const odd = await request.post(`${origin}/api/v1/sessions?q=${encodeURIComponent(PAYLOAD)}`, {
    headers,
    data: exampleSessionBody(origin),
  });
  expect(odd.status()).toBeLessThan(500);
  const logs = () => api.call("GET", `/applications/${id}/api-logs?mode=test`);
  await expect.poll(async () => (await logs()).body.totalItems).toBeGreaterThan(1);

  // A name that is mailed, written under a note, and listed beside what it did.
  const post = (path: string, form: Record<string, string>) =>
    context.request.post(path, { form, maxRedirects: 0, headers: { origin } });
  const session = `/apps/${id}/test/sessions/${sessionId}`;
  expect((await post(session, { intent: "add-note", body: PAYLOAD + CLOSING })).status()).toBe(302);
  const view = { intent: "view-save", name: PAYLOAD, query: "status=FAILED", isShared: "on" };
  expect((await post(`/apps/${id}/test/sessions`, view)).status()).toBe(302);
  const invitation = { intent: "invite", email: `i-${Date.now()}@marked.test`, role: "viewer" };
  expect((await post("/team", invitation)).status()).toBe(302);
  const share = { intent: "share", provider: routing.selectedProvider, label: PAYLOAD, lifetime: "24h" };
  const made = await post(session, share);
  const link = /\/share\/[\w-]{20,}/.exec(await made.text())?.[0] ?? "";
  expect(link, `${made.status()}`).not.toBe("");

  await page.goto("/audit-log");
  const lines = page.getByRole("table").locator('a[href^="/audit-log/"]');
  const line = (await lines.first().getAttribute("href")) ?? "";
  const own = await lookAt(page, [
    ...["/account", "/account/security", "/account/two-factor", "/team", "/team?invite", "/notices"],
    ...["/applications", `/applications/${id}`, `/apps/${id}/test`, `/apps/${id}/test/sessions`, session],
    ...["/audit-log", line, `/apps/${id}/test/developers/logs`, "/dev/mail", link],
    ...(await logs()).body.items.map((item: { id: string }) => `/apps/${id}/test/developers/logs/${item.id}`),
  ]);
  expect(own.length, own.join("\n")).toBeGreaterThan(12);

  // The same to Kadosei's staff, whose reason is somebody's text as well.
  const staff = await browser.newContext({ baseURL: origin });
  const staffReports = await collectReports(staff);
  const theirs = await staff.newPage();
  await signIn(theirs, "staff@kadosei.test");
  await theirs.goto("/support?q=Marked");
  const enter = (await theirs.locator('a[href^="/support/enter/"]').first().getAttribute("href")) ?? "";
  expect(enter).toMatch(/^\/support\/enter\//);
  const reason = { reason: `Ticket 4711: ${PAYLOAD}`, returnTo: "/" };
  const [path = ""] = enter.split("?");
  const looked = await lookAt(theirs, ["/support?q=Marked", enter]);
  const entered = await staff.request.post(path, { form: reason, maxRedirects: 0, headers: { origin } });
  expect(entered.status()).toBe(302);
  looked.push(...(await lookAt(theirs, ["/account", "/applications", "/team", session, "/support"])));
  expect(looked.length, looked.join("\n")).toBe(7);
  expect([...reports, ...staffReports]).toEqual([]);
  await Promise.all([context.close(), staff.close(), request.dispose()]);
});
