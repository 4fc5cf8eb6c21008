import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { BrowserContext, Page } from "@playwright/test";
import { exampleSessionBody } from "../../app/contracts/example-session";
import { password } from "./support/people.mjs";
import { test as base, expect, owner } from "./support/test";

/** A site of somebody else's: `pages` by path. On localhost it is even of the same site, so browsers send it our cookie. */
interface OtherSite {
  origin: string;
  pages: Record<string, string>;
}

const test = base.extend<object, { otherSite: OtherSite }>({
  otherSite: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of what is asked for
    async ({}, use) => {
      const pages: Record<string, string> = {};
      const server = createServer((request, response) => {
        response.setHeader("content-type", "text/html; charset=utf-8");
        response.end(pages[request.url ?? ""] ?? "<p>Other site</p>");
      });
      await new Promise<void>((resolve) => server.listen(0, "localhost", resolve));
      await use({ origin: `http://localhost:${(server.address() as AddressInfo).port}`, pages });
      server.closeAllConnections();
      server.close();
    },
    { scope: "worker" },
  ],
});

/** What pages broke of their Content-Security-Policy, and every script of an attacker that ran. */
async function collectReports(context: BrowserContext): Promise<string[]> {
  const reports: string[] = [];
  await context.exposeFunction("report", (text: string) => void reports.push(text));
  await context.addInitScript(() => {
    const { report } = window as unknown as { report(text: string): void };
    Object.assign(window, { xss: () => report(`a script ran on ${location.pathname}`) });
    document.addEventListener("securitypolicyviolation", (event) =>
      report(`${event.violatedDirective} on ${location.pathname}: ${event.blockedURI} ${event.sample}`),
    );
  });
  context.on("dialog", (dialog) => {
    reports.push(`a dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  return reports;
}

/** Until React has taken the page over, and its charts have come. */
async function settle(page: Page): Promise<void> {
  await page.waitForFunction(() =>
    Object.keys(document.querySelector("main") ?? {}).some((name) => name.startsWith("__react")),
  );
  await page.waitForLoadState("networkidle");
}

test.describe("from another origin", () => {
  test.use({ storageState: ({ states }, use) => use(states[owner]) });

  test("no form does anything, whatever it says", async ({ page, api, origin, otherSite }) => {
    const { id } = await api.createApplication(`Forged ${Date.now()}`);
    const names = async () =>
      (await api.call("GET", "/applications?limit=100")).body.items.map(
        (item: { name: string; isEnabled: boolean }) => `${item.name} ${item.isEnabled}`,
      );
    const before = await names();
    const forms: [action: string, fields: Record<string, string>][] = [
      ["/applications/new", { name: "Forged" }],
      [`/applications/${id}`, { intent: "disable" }],
      [`/apps/${id}/test/api-keys`, { intent: "create", description: "Forged", lifetime: "never" }],
      ["/theme", { theme: "dark" }],
      ["/sign-out", {}],
      ["/sign-in", { intent: "password", email: owner, password }],
    ];
    for (const enctype of ["application/x-www-form-urlencoded", "text/plain", "multipart/form-data"]) {
      for (const [index, [action, fields]] of forms.entries()) {
        const inputs = Object.entries(fields).map(
          ([name, value]) => `<input name="${name}" value="${value}">`,
        );
        otherSite.pages["/form"] =
          `<form id="f" method="post" enctype="${enctype}" action="${origin}${action}">${inputs.join("")}</form>`;
        await page.goto(`${otherSite.origin}/form`);
        const [answer] = await Promise.all([
          page.waitForResponse((response) => response.url() === `${origin}${action}`),
          page.waitForURL(`${origin}${action}`),
          page.evaluate(() => (document.getElementById("f") as HTMLFormElement).submit()),
        ]);
        expect(answer.status(), `${enctype} ${index} ${action}`).toBe(403);
        // Our cookie did come along: the refusal is the only defence here.
        expect(await answer.request().headerValue("cookie")).toContain("kadosei=");
      }
    }
    expect(await names()).toEqual(before);
    const keys = await api.call("GET", `/applications/${id}/api-keys`);
    expect(JSON.stringify(keys.body)).not.toContain("Forged");
    await page.goto("/applications");
    await expect(page).toHaveURL(/\/applications$/);
    await expect(page.locator("html")).not.toHaveAttribute("data-theme");
  });

  test("no script reads a page or the API, nor sends what a form cannot", async ({
    context,
    origin,
    otherSite,
  }) => {
    // A browser of its own: what it refuses is an error on its console.
    const other = await context.browser()!.newContext({ storageState: await context.storageState() });
    const evil = await other.newPage();
    await evil.goto(otherSite.origin);
    const tries = await evil.evaluate(async (ours) => {
      const outcome = async (path: string, init: RequestInit) => {
        try {
          const answer = await fetch(`${ours}${path}`, { credentials: "include", ...init });
          return `read ${answer.type} ${answer.status}`;
        } catch {
          return "refused";
        }
      };
      const json = { "content-type": "application/json" };
      return {
        page: await outcome("/applications", {}),
        data: await outcome("/applications.data", {}),
        api: await outcome("/api/v1/applications", {}),
        put: await outcome("/sign-out", { method: "PUT" }),
        json: await outcome("/api/v1/auth/login", { method: "POST", headers: json, body: "{}" }),
        blind: await outcome("/sign-out", { method: "POST", mode: "no-cors" }),
      };
    }, origin);
    expect(tries).toEqual({
      page: "refused",
      data: "refused",
      api: "refused",
      put: "refused",
      json: "refused",
      // Sent, and its answer kept from the page; what it asked for was refused by us: still signed in.
      blind: "refused",
    });
    await evil.goto(`${origin}/applications`);
    await expect(evil).toHaveURL(/\/applications$/);
    await other.close();
  });

  test("no page of ours is shown in a frame", async ({ browser, states, origin, otherSite }) => {
    const context = await browser.newContext({ storageState: states[owner] });
    const page = await context.newPage();
    otherSite.pages["/frame"] = `<iframe src="${origin}/applications"></iframe>`;
    await page.goto(`${otherSite.origin}/frame`);
    await page.waitForLoadState("networkidle");
    const [, frame] = page.frames();
    expect(await frame!.content()).not.toContain("Applications");
    await context.close();
  });
});

test("signing in leads nowhere else", async ({ request, origin }) => {
  const targets = [
    ...["https://evil.example", "//evil.example", "/\\evil.example", "\\\\evil.example", "/%09/evil.example"],
    ...["/\t/evil.example", "/.//evil.example", "javascript:alert(1)", "data:text/html,x", " //evil.example"],
    ...["/sign-out", "http:evil.example", "/..//evil.example", "///evil.example", "/@evil.example:80@x"],
  ];
  for (const returnTo of targets) {
    const form = { intent: "password", email: owner, password, returnTo };
    for (const [path, fields] of [
      ["/sign-in", form],
      ["/theme", { theme: "", returnTo }],
    ] as const) {
      const reply = await request.post(path, { form: fields, maxRedirects: 0, headers: { origin } });
      expect(reply.status(), returnTo).toBe(302);
      const { location = "" } = reply.headers();
      expect(new URL(location, origin).origin, `${path} ${returnTo}`).toBe(origin);
      expect(location, `${path} ${returnTo}`).toMatch(/^\/(?!\/|\\)/);
    }
  }
});

test("a session that somebody planted is not the one that signing in gives", async ({
  context,
  page,
  origin,
  request,
}) => {
  // The attacker's own, signed in, and one that was never given.
  const form = { intent: "password", email: owner, password, returnTo: "/" };
  await request.post("/sign-in", { form, maxRedirects: 0, headers: { origin } });
  const theirs = (await request.storageState()).cookies.find(({ name }) => name === "kadosei")!.value;
  for (const planted of ["A".repeat(43), theirs]) {
    await context.clearCookies();
    await context.addCookies([{ name: "kadosei", value: planted, url: origin }]);
    const signedIn = await context.request.post("/sign-in", { form, maxRedirects: 0, headers: { origin } });
    expect(signedIn.status()).toBe(302);
    const [cookie] = (await context.cookies()).filter(({ name }) => name === "kadosei");
    expect(cookie).toMatchObject({ httpOnly: true, sameSite: "Lax", path: "/", domain: "localhost" });
    expect(cookie!.value).not.toBe(planted);
    // The planted one opens nothing any more.
    await context.addCookies([{ name: "kadosei", value: planted, url: origin }]);
    await page.goto("/applications");
    await expect(page).toHaveURL(/\/sign-in/);
  }
});

test("a page that an extension changed before React took it over is drawn anew, under the same policy", async ({
  browser,
  origin,
}) => {
  const context = await browser.newContext();
  const reports = await collectReports(context);
  const page = await context.newPage();
  await page.route("**/sign-in", async (route) => {
    const answer = await route.fetch();
    const body = (await answer.text()).replace("<body>", "<body><div>From an extension</div>");
    await route.fulfill({ response: answer, body });
  });
  await page.goto(`${origin}/sign-in`);
  await settle(page);
  await expect(page.getByText("From an extension")).toHaveCount(0);
  await expect(page.getByLabel("E-mail")).toBeVisible();
  // And what it was drawn with lets no markup in.
  const refused = await page.evaluate(() => {
    const tried = (work: () => unknown) => {
      try {
        work();
        return "done";
      } catch {
        return "refused";
      }
    };
    const script = () => document.createElement("script");
    return [
      tried(() => (document.createElement("div").innerHTML = "<img src=x onerror=xss()>")),
      tried(() => (script().src = "https://evil.example/x.js")),
      tried(() => (script().src = "/api/v1/openapi.json")),
      tried(() => (script().text = "xss()")),
      tried(() => document.write("<script>xss()</script>")),
      tried(() => window.setTimeout("xss()")),
    ];
  });
  expect(refused).toEqual(Array.from({ length: 6 }, () => "refused"));
  expect(reports.filter((text) => text.includes("ran"))).toEqual([]);
  await context.close();
});

test.describe("markup in every text", () => {
  test.use({ storageState: ({ states }, use) => use(states[owner]) });
  const PAYLOAD = `"><img src=x onerror=xss()><script>xss()</script>`;
  const CLOSING = `</script><script>xss()</script>\${xss()}{{xss()}}`;

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
    const shown: string[] = [];
    for (const place of places) {
      await page.goto(place);
      await settle(page);
      if ((await page.locator("body").innerText()).includes("onerror=xss()")) shown.push(place);
      expect(await page.locator("img[src=x]").count(), place).toBe(0);
    }
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
