import { expect, owner, test } from "./support/test";

test.describe("signed in", () => {
  test.use({ storageState: ({ states }, use) => use(states[owner]) });

  test("new decisions wait until they are asked for; paused, nothing comes", async ({ page, api }) => {
    const { id, key } = await api.createApplication(`Routing ${Date.now()}`);
    await api.createSession(key);
    await page.clock.install();
    await page.goto(`/apps/${id}/test/routing/decisions`);
    const rows = page.getByRole("table").getByRole("row");
    await expect(rows).toHaveCount(2);
    const live = page.getByRole("button", { name: "Live updates" });

    await test.step("a new one waits behind a button", async () => {
      await api.createSession(key);
      // Until React has taken the page over there is no timer that could be moved on.
      await expect(async () => {
        await page.clock.fastForward(16_000);
        await expect(page.getByRole("button", { name: "1 new" })).toBeVisible({ timeout: 1_000 });
      }).toPass();
      await expect(rows).toHaveCount(2);
      await page.getByRole("button", { name: "1 new" }).click();
      await expect(rows).toHaveCount(3);
      await expect(page.getByRole("button", { name: "1 new" })).toHaveCount(0);
    });

    await test.step("paused, the page asks for nothing", async () => {
      await live.click();
      await expect(live).toHaveAttribute("aria-pressed", "false");
      await api.createSession(key);
      let asked = 0;
      page.on("request", (request) => {
        if (request.url().includes("/routing/decisions.data")) asked += 1;
      });
      await page.clock.fastForward(60_000);
      await page.evaluate(() => document.title);
      expect(asked).toBe(0);
      await live.click();
      await expect(async () => {
        await page.clock.fastForward(16_000);
        await expect(page.getByRole("button", { name: "1 new" })).toBeVisible({ timeout: 1_000 });
      }).toPass();
      expect(asked).toBeGreaterThan(0);
    });
  });

  test("a decision is found, explained and followed to its session by keyboard", async ({ page, api }) => {
    const { id, key } = await api.createApplication(`Receipts ${Date.now()}`);
    const orderReference = `REC-${Date.now()}`;
    await api.createSession(key, { orderReference });
    await page.goto(`/apps/${id}/test/routing/decisions?period=1h`);
    await page.getByRole("link", { name: new RegExp(`Receipt: .* order ${orderReference}`) }).focus();
    await page.keyboard.press("Enter");
    await expect(page.getByText("Recomputed now from the receipt: same order and scores")).toBeVisible();
    await expect(page.getByText(/came before|was the only one/)).toBeVisible();
    const download = page.waitForEvent("download");
    await page.getByRole("link", { name: "Download receipt" }).press("Enter");
    expect((await download).suggestedFilename()).toMatch(/^receipt-.*\.json$/);
    await page.getByRole("link", { name: orderReference, exact: true }).press("Enter");
    await expect(page.getByRole("heading", { level: 2, name: "Timeline" })).toBeVisible();
    await page.getByRole("link", { name: "Receipt of this decision" }).press("Enter");
    await expect(page).toHaveURL(/\/routing\/decisions\/[0-9a-f-]{36}$/);
  });
});

test.describe("without JavaScript", () => {
  test.use({ javaScriptEnabled: false, storageState: ({ states }, use) => use(states[owner]) });

  test("scores, decisions and a receipt are read", async ({ page, api }) => {
    const apps = await api.call("GET", "/applications?limit=100");
    const { id } = apps.body.items.find(({ name }: { name: string }) => name === "Web shop");
    await page.goto(`/apps/${id}/test/routing?period=30d`);
    await page.getByText("Show as a table").click();
    await expect(page.getByRole("table").first().getByRole("row")).not.toHaveCount(0);
    await expect(page.getByText(/kept its score between/)).toBeVisible();
    const segment = page.getByLabel("Payment method and currency");
    const other = await segment.locator("option").nth(1).getAttribute("value");
    await segment.selectOption(other);
    await page.getByRole("button", { name: "Show" }).click();
    await expect(page).toHaveURL(new RegExp(`segment=${encodeURIComponent(other ?? "")}`));
    await page.getByRole("link", { name: "View all" }).click();
    await page
      .getByRole("link", { name: /^Receipt: / })
      .first()
      .click();
    await expect(page.getByText("Recomputed now from the receipt: same order and scores")).toBeVisible();
  });
});
