import type { Page } from "@playwright/test";
import { expect, owner, test } from "./support/test";

test.use({ storageState: ({ states }, use) => use(states[owner]) });

const save = (page: Page) => page.getByRole("button", { name: /^Save as version/ });
const preview = (page: Page) =>
  page
    .getByRole("contentinfo")
    .or(page.locator("footer"))
    .getByRole("button", { name: /^Preview/ });
const versions = (page: Page) =>
  page.getByRole("region", { name: "Versions" }).getByRole("heading", { level: 3 });

/** Builds a priority list, previews and saves it, and goes back: by form buttons alone. */
async function changeAndRevert(page: Page, path: string): Promise<void> {
  await page.goto(path);
  await page.getByRole("button", { name: "Add a priority list" }).click();
  await expect(page.getByRole("button", { name: "Remove priority list 1" })).toBeVisible();
  await page.getByRole("button", { name: "Add a priority list" }).click();
  await page.getByRole("button", { name: "Remove priority list 2" }).click();
  await expect(page.getByRole("button", { name: "Remove priority list 2" })).toHaveCount(0);
  await page.getByRole("button", { name: "Move Stripe in priority list 1 up" }).click();
  await page.getByRole("button", { name: "Remove Kiotapay in priority list 1" }).click();
  await page.getByLabel("From amount").fill("10");
  await preview(page).click();
  await expect(page.getByText("From amount needs a currency.")).toBeVisible();
  await page.getByLabel("Currency").selectOption("AUD");
  await preview(page).click();
  await expect(page.getByText("There was no decision in this period to try it on.")).toBeVisible();
  await page.getByLabel("Why").fill("By hand");
  await save(page).click();
  await expect(versions(page).first()).toContainText("Version 1");
  await expect(page.getByText("By hand")).toBeVisible();
  await page.getByText("1 rule", { exact: true }).click();
  await expect(page.getByText("Everything in AUD from AUD 10: Stripe")).toBeVisible();

  await page.getByRole("link", { name: "Revert to version 0" }).click();
  await page.getByRole("button", { name: "Revert", exact: true }).click();
  await expect(versions(page).first()).toContainText("Version 2");
  await expect(page.getByText("The engine orders all providers by score.")).toBeVisible();
}

test("rules are changed after a preview, and reverted", async ({ page, api, errors }) => {
  const { id } = await api.createApplication(`Rules ${Date.now()}`);
  await changeAndRevert(page, `/apps/${id}/test/routing/rules`);
  expect(errors).toEqual([]);
});

test.describe("without JavaScript", () => {
  test.use({ javaScriptEnabled: false });

  test("rules are changed after a preview, and reverted", async ({ page, api }) => {
    const { id } = await api.createApplication(`Plain rules ${Date.now()}`);
    await changeAndRevert(page, `/apps/${id}/test/routing/rules`);
  });

  test("a what-if is asked and answered", async ({ page, api }) => {
    const { id, key } = await api.createApplication(`Plain what-if ${Date.now()}`);
    await api.createSession(key);
    await page.goto(`/apps/${id}/test/routing/what-if`);
    await page.getByLabel("Provider off").selectOption({ label: "Stripe" });
    await page.getByRole("button", { name: "Replay" }).click();
    await expect(page.getByText("1 decision of the last 7 days made again")).toBeVisible();
    await expect(
      page
        .getByRole("row", { name: /^Stripe/ })
        .or(page.getByRole("row", { name: /^Kiotapay/ }))
        .first(),
    ).toBeVisible();
    await expect(page.getByLabel("Provider off").locator("option:checked")).toHaveText("Stripe");
  });
});

test("what was not previewed is not saved, and a colleague's version is not overwritten", async ({
  page,
  api,
}) => {
  const { id, key } = await api.createApplication(`Stale rules ${Date.now()}`);
  await api.createSession(key);
  await page.goto(`/apps/${id}/test/routing/rules`);
  await preview(page).click();
  await expect(page.getByText("Would have moved nothing")).toBeVisible();
  await page.getByLabel("Cost", { exact: true }).fill("4");
  await save(page).click();
  await expect(page.getByText("changed after they were previewed")).toBeVisible();
  await expect(versions(page)).toHaveCount(1);

  const body = { version: 0, weights: { margin: 1, cost: 2, speed: 1 }, rules: {} };
  expect((await api.call("PUT", `/applications/${id}/routing?mode=test`, body)).status).toBe(200);
  await save(page).click();
  const refused = page.getByText(/at version 1 by now/);
  await expect(refused).toBeVisible();
  await expect(page.getByLabel("Cost", { exact: true })).toHaveValue("4");
  // Nor by pressing again.
  await preview(page).click();
  await expect(refused).toBeHidden();
  await expect(save(page)).toBeVisible();
  await save(page).click();
  await expect(refused).toBeVisible();
  const current = await api.call("GET", `/applications/${id}/routing?mode=test`);
  expect(current.body).toMatchObject({ version: 1, weights: { cost: 2 } });
  await page.getByRole("link", { name: "Discard, and load version 1" }).click();
  await expect(page.getByLabel("Cost", { exact: true })).toHaveValue("2");
});
