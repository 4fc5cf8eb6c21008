import type { Page } from "@playwright/test";
import { faults } from "./support/axe";
import { chooseMethod, openPage, type Places, pages, payByPhone } from "./support/pages";
import { staff } from "./support/people.mjs";
import { startReceiver } from "./support/receiver";
import { test as base, expect, idle, owner } from "./support/test";

/** The data is made once, by API. */
const test = base.extend<object, { places: Places }>({
  places: [
    async ({ api, idleApi, shop, states, playwright, origin }, use, { workerIndex }) => {
      const receiver = await startReceiver();
      const { id, key } = await api.createApplication(`Pages ${Date.now()}-${workerIndex}`);
      const endpoint = await api.createEndpoint(id, receiver.url);
      const [open, paid, failed, expired, card] = (await Promise.all(
        Array.from({ length: 5 }, () => api.createSession(key)),
      )) as [
        Awaited<ReturnType<typeof api.createSession>>,
        ...Awaited<ReturnType<typeof api.createSession>>[],
      ];
      const phone = await api.createSession(key, payByPhone);
      const methods = await api.call("POST", "/checkout-sessions", chooseMethod, key);
      await api.pay(key, paid!, "4242 4242 4242 4242");
      await api.pay(key, failed!, "4000 0000 0000 0002");
      await api.call("POST", `/sessions/${expired!.sessionId}/expire`, undefined, key);
      await expect.poll(() => receiver.received.length).toBeGreaterThan(1);
      receiver.close();
      const deliveries = await api.call("GET", `/applications/${id}/webhooks/${endpoint.id}/deliveries`);
      // Written within a second of the answer.
      const logged = () => api.call("GET", `/applications/${id}/api-logs?q=${failed!.sessionId}`);
      await expect.poll(async () => (await logged()).body.totalItems).toBeGreaterThan(0);
      const log = (await logged()).body.items.at(-1).id;
      const base = `/apps/${id}/test`;
      const ownPages = await playwright.request.newContext({ baseURL: origin, storageState: states[owner]! });
      const { body: shared } = await api.call("GET", `/sessions/${failed!.sessionId}`);
      const sharing = await ownPages.post(`${base}/sessions/${failed!.sessionId}?share=1`, {
        form: { intent: "share", provider: shared.providerName, lifetime: "24h" },
        headers: { origin },
      });
      const link = /\/share\/[\w-]{43}/.exec(await sharing.text())![0];
      await ownPages.dispose();
      const decisions = await api.call("GET", `/applications/${id}/routing/decisions?mode=test`);
      await use({
        shop,
        live: shop.replace(/test$/, "live"),
        idleApplication: (await idleApi.createApplication(`Nothing yet ${Date.now()}-${workerIndex}`)).id,
        ended: {
          SUCCEEDED: `${base}/sessions/${paid!.sessionId}`,
          FAILED: `${base}/sessions/${failed!.sessionId}`,
        },
        open: `${base}/sessions/${open.sessionId}`,
        shared: link,
        log: `${base}/developers/logs/${log}`,
        webhook: `${base}/webhooks/${endpoint.id}`,
        delivery: `${base}/webhooks/${endpoint.id}?delivery=${deliveries.body.items[0].id}`,
        event: `${base}/webhooks/events/${deliveries.body.items[0].eventId}`,
        decision: `${base}/routing/decisions/${decisions.body.items[0].id}`,
        pay: {
          open: open.checkoutUrl,
          methods: methods.body.checkoutUrl,
          paid: paid!.checkoutUrl,
          expired: expired!.checkoutUrl,
        },
        simulator: {
          card: await api.continueToProvider(card!),
          phone: await api.continueToProvider(phone),
        },
      });
    },
    { scope: "worker" },
  ],
});

/** How far the page is wider than its window. */
const overflow = (page: Page) =>
  page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);

test.use({ trace: "off", reducedMotion: "reduce" });

for (const who of [owner, idle, staff, "nobody"] as const) {
  test.describe(who === "nobody" ? "without a sign-in" : `signed in as ${who}`, () => {
    test.use({
      storageState: ({ states }, use) => use(who === "nobody" ? undefined : states[who]),
    });
    for (const [name, , path, says] of pages.filter((page) => page[1] === who)) {
      test(name, async ({ page, places }) => {
        await page.setViewportSize({ width: 1440, height: 900 });
        await openPage(page, path(places), says);
        // Charts come after the page.
        await page.waitForLoadState("networkidle");
        for (const [width, height] of [
          [1440, 900],
          [390, 844],
        ] as const) {
          if (width === 390) {
            await page.setViewportSize({ width, height });
            await openPage(page, path(places), says);
          }
          const at = `at ${width} px`;
          await page.emulateMedia({ colorScheme: "light" });
          expect.soft(await faults(page), `axe ${at}`).toEqual([]);
          // Only colours differ.
          await page.emulateMedia({ colorScheme: "dark" });
          expect.soft(await faults(page, ["color-contrast"]), `axe ${at}, dark`).toEqual([]);
          expect.soft(await overflow(page), `sideways overflow ${at}`).toBeLessThanOrEqual(0);
        }
        await page.setViewportSize({ width: 360, height: 740 });
        expect.soft(await overflow(page), "sideways overflow at 360 px").toBeLessThanOrEqual(0);
      });
    }
  });
}
