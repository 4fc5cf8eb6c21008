import { readFileSync } from "node:fs";
import type { Api } from "./support/api";
import { expect, owner, test } from "./support/test";

test.use({ storageState: ({ states }, use) => use(states[owner]) });

/** The demo merchant's web shop in test mode. */
async function shopPath(api: Api): Promise<string> {
  const { body } = await api.call("GET", "/applications?limit=100");
  return `/apps/${body.items.find(({ name }: { name: string }) => name === "Web shop").id}/test/sessions`;
}

test("what is filtered is what the file has", async ({ page, api }) => {
  await page.goto(`${await shopPath(api)}?status=FAILED&provider=stripe`);
  const total = Number((await page.getByText(/^1–\d+ of \d+$/).innerText()).split(" of ")[1]);
  for (const [format, count] of [
    ["CSV", (text: string) => text.trimEnd().split("\r\n").length - 1],
    ["JSON", (text: string) => JSON.parse(text).length],
  ] as const) {
    await page.locator("summary", { hasText: "Export" }).click();
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("link", { name: format }).click(),
    ]);
    expect(download.suggestedFilename()).toMatch(
      new RegExp(`^sessions-web-shop-test-.*\\.${format.toLowerCase()}$`),
    );
    expect(count(readFileSync(await download.path(), "utf8"))).toBe(total);
    await page.keyboard.press("Escape");
  }
});

for (const javaScriptEnabled of [true, false]) {
  test.describe(javaScriptEnabled ? "with JavaScript" : "without JavaScript", () => {
    test.use({ javaScriptEnabled });

    test("columns, their order and the rows' height are remembered", async ({ page, api }) => {
      const path = await shopPath(api);
      await page.goto(path);
      const heads = page.getByRole("columnheader").filter({ hasText: /./ });
      const menu = page.locator("summary", { hasText: "Columns" });
      /** Open already when the page stayed as it was. */
      const openMenu = async () => {
        if (!(await page.getByRole("button", { name: "Reset" }).isVisible())) await menu.click();
      };
      await expect(heads).toHaveText([
        "Status",
        "Amount",
        "Order",
        "Customer",
        "Method",
        "Provider",
        "Score",
        "Created",
        "Failure reason",
      ]);
      await openMenu();
      await page.getByRole("checkbox", { name: "Score", exact: true }).uncheck();
      await page.getByRole("checkbox", { name: "Checkout reference", exact: true }).check();
      await page.getByLabel("Compact rows").check();
      await page.getByRole("button", { name: "Move Customer up" }).click();
      const chosen = [
        "Status",
        "Amount",
        "Customer",
        "Order",
        "Method",
        "Provider",
        "Created",
        "Failure reason",
        "Checkout reference",
      ];
      await expect(heads).toHaveText(chosen);
      await page.goto(`${path}?status=FAILED`);
      await expect(heads).toHaveText(chosen);
      const height = async () => (await page.locator("tbody tr").first().boundingBox())?.height ?? 0;
      const compact = await height();
      await openMenu();
      await page.getByRole("button", { name: "Reset" }).click();
      await expect(heads).toHaveCount(9);
      await expect(heads.nth(2)).toHaveText("Order");
      expect(await height()).toBeGreaterThan(compact);
      await expect(page).toHaveURL(`${path}?status=FAILED`);
    });
  });
}

test("days are counted in the zone that was chosen", async ({ page, api }) => {
  await page.goto(`${await shopPath(api)}?from=2026-11-01&to=2026-11-10`);
  const created = page.locator("tbody time").first();
  await page.locator("summary", { hasText: "Melbourne" }).click();
  await page.getByRole("link", { name: "UTC", exact: true }).click();
  await expect(page.locator("summary", { hasText: "UTC" })).toBeVisible();
  await expect(created).toHaveAttribute("title", / UTC$/);
  await expect(page).toHaveURL(/from=2026-11-01&to=2026-11-10&zone=UTC/);
});
