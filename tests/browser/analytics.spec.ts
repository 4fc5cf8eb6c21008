import { readFile } from "node:fs/promises";
import type { Page } from "@playwright/test";
import { expect, owner, test } from "./support/test";

const card = (page: Page, title: string) =>
  page.locator("section").filter({ has: page.getByRole("heading", { level: 2, name: title, exact: true }) });

// A snapshot of a page of charts and tables with every action takes longer than the action.
test.use({ trace: "off" });

/** The demo shop's, of the last 30 days. */
async function openAnalytics(page: Page, shop: string): Promise<void> {
  await page.goto(`${shop}/analytics?range=30d`);
}

test.describe("signed in", () => {
  test.use({ storageState: ({ states }, use) => use(states[owner]) });

  test("a stretch of a chart is zoomed into, and a point leads to its sessions", async ({ page, shop }) => {
    await openAnalytics(page, shop);
    const chart = card(page, "Failed sessions by reason").locator(".recharts-surface").first();
    await chart.scrollIntoViewIfNeeded();
    const at = async (share: number) => {
      const box = await chart.boundingBox();
      if (!box) throw new Error("the chart is not there");
      return [box.x + box.width * share, box.y + box.height / 2] as const;
    };

    await test.step("dragging sets the period", async () => {
      await page.mouse.move(...(await at(0.3)));
      await page.mouse.down();
      await page.mouse.move(...(await at(0.5)), { steps: 4 });
      await page.mouse.move(...(await at(0.7)), { steps: 4 });
      await page.mouse.up();
      await expect(page).toHaveURL(/analytics\?from=[^&]+Z&to=[^&]+Z$/);
      await expect(page.getByRole("link", { name: /^Remove filter: From / })).toBeVisible();
      await expect(page.getByText("per day").first()).toBeVisible();
    });

    await test.step("a click opens the list", async () => {
      await chart.scrollIntoViewIfNeeded();
      await page.mouse.move(...(await at(0.5)));
      await page.mouse.click(...(await at(0.5)));
      await expect(page).toHaveURL(/sessions\?from=[^&]+&to=[^&]+&status=FAILED$/);
      await expect(page.getByRole("link", { name: "Remove filter: Status Failed" })).toBeVisible();
    });
  });

  test("the table beside a chart, its list and its file say the same", async ({ page, shop }) => {
    await openAnalytics(page, shop);
    const reasons = card(page, "Failure reasons").getByRole("row").nth(1);
    const [name, sessions] = await Promise.all([
      reasons.getByRole("link").innerText(),
      reasons.getByRole("cell").nth(2).innerText(),
    ]);

    const failures = card(page, "Failed sessions by reason");
    const download = page.waitForEvent("download");
    await failures.getByRole("link", { name: "Download CSV" }).click();
    const file = await download;
    expect(file.suggestedFilename()).toMatch(/^analytics-failures-test-.*\.csv$/);
    const lines = (await readFile(await file.path(), "utf8")).trimEnd().split("\r\n").slice(1);
    const code = new URL(
      await reasons.getByRole("link").evaluate((link: HTMLAnchorElement) => link.href),
    ).searchParams.get("reason");
    const counted = lines
      .map((line) => line.split(","))
      .filter(([, , reason]) => reason === code)
      .reduce((sum, cells) => sum + Number(cells[3]), 0);
    expect(String(counted)).toBe(sessions);

    await reasons.getByRole("link").press("Enter");
    await expect(page.getByRole("link", { name: `Remove filter: Failure reason ${name}` })).toBeVisible();
    await expect(page.getByText(new RegExp(`of ${sessions}\\b`)).first()).toBeVisible();
  });
});

test.describe("without JavaScript", () => {
  test.use({ javaScriptEnabled: false, storageState: ({ states }, use) => use(states[owner]) });

  test("every number is read, another breakdown chosen, and the durations asked for", async ({
    page,
    shop,
  }) => {
    await openAnalytics(page, shop);
    await page.getByRole("link", { name: "Currency", exact: true }).click();
    await expect(page.getByRole("table", { name: "Success rate by currency" })).toContainText("AUD");
    await card(page, "Success rate by currency").getByText("Show as a table").click();
    await expect(page.getByRole("columnheader", { name: "From" }).filter({ visible: true })).toHaveCount(1);
    // Where they were there before the page was sent they are in it.
    const more = page.getByRole("link", { name: "Show durations" });
    if ((await more.count()) > 0) await more.click();
    await expect(page.getByRole("table", { name: "Time to pay: percentiles" })).toContainText("Card");
  });
});
