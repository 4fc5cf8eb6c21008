import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { collectReports, settle } from "./support/markup";
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
