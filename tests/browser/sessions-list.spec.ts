import { readFile } from "node:fs/promises";
import type { Page } from "@playwright/test";
import { answered, expect, owner, signIn, test } from "./support/test";

test.use({ storageState: ({ states }, use) => use(states[owner]) });

/** Waits until React has taken the page over: before, keys and presses are the browser's alone. */
const hydrated = (page: Page) =>
  page.waitForFunction(() =>
    Object.keys(document.querySelector("main") ?? {}).some((name) => name.startsWith("__react")),
  );
const rows = (page: Page) => page.locator("tbody tr");

test("filters have operators and several values, and can be changed and taken away", async ({
  page,
  api,
}) => {
  const { id, key } = await api.createApplication(`Filters ${Date.now()}`);
  const small = { amount: { total: 20 }, orderItems: [{ name: "Tea", quantity: 1, unitPrice: 20 }] };
  await api.createSession(key, { ...small, orderReference: "SMALL-1" });
  const expired = await api.createSession(key, { ...small, orderReference: "SMALL-2" });
  await api.call("POST", `/sessions/${expired.sessionId}/expire`, undefined, key);
  await api.createSession(key, { orderReference: "LARGE-1" });
  await page.goto(`/apps/${id}/test/sessions`);
  await hydrated(page);
  await expect(rows(page)).toHaveCount(3);

  await page.getByRole("button", { name: "Order", exact: true }).click();
  await page.getByLabel("How order is compared").selectOption("contains");
  await page.getByRole("textbox", { name: "Order" }).fill("small");
  await page.getByRole("button", { name: "Apply" }).click();
  await expect(rows(page)).toHaveCount(2);
  await expect(page).toHaveURL(/\?order=small&order\.op=contains$/);

  await page.getByRole("button", { name: "Status", exact: true }).click();
  await page.getByLabel("How status is compared").selectOption("not");
  await page.getByRole("checkbox", { name: "Expired" }).check();
  await page.getByRole("checkbox", { name: "Failed" }).check();
  await page.getByRole("button", { name: "Apply" }).click();
  await expect(rows(page)).toHaveCount(1);
  await page.getByRole("button", { name: "Change filter: Status is not Failed or Expired" }).click();
  await page.getByLabel("How status is compared").selectOption("is");
  await page.getByRole("button", { name: "Apply" }).click();
  await expect(rows(page)).toHaveText([/SMALL-2/]);

  await page.getByRole("link", { name: "Clear" }).click();
  await page.getByRole("button", { name: "Amount", exact: true }).click();
  await page.getByLabel("How amount is compared").selectOption("between");
  await page.getByLabel("Amount, from").fill("100");
  await page.getByLabel("Amount, to").fill("200");
  await page.getByRole("button", { name: "Apply" }).click();
  await expect(rows(page)).toHaveText([/LARGE-1/]);
  await page.getByRole("link", { name: "Remove filter: Amount between 100 and 200" }).click();
  await expect(rows(page)).toHaveCount(3);

  await page.getByRole("button", { name: "Updated", exact: true }).click();
  await page.getByLabel("How updated is compared").selectOption("lte");
  await page.getByRole("textbox", { name: "Updated" }).fill("2026-01-31");
  await page.getByRole("button", { name: "Apply" }).click();
  await expect(page.getByText("No session matches")).toBeVisible();
  await page.getByRole("link", { name: "Remove filter: Updated until 2026-01-31" }).click();
  await expect(rows(page)).toHaveCount(3);
});

test("by keyboard: rows are walked, chosen, expired after a question, and opened", async ({ page, api }) => {
  const { id, key } = await api.createApplication(`Chosen ${Date.now()}`);
  for (const number of [1, 2, 3]) await api.createSession(key, { orderReference: `ROW-${number}` });
  const over = await api.createSession(key, { orderReference: "ROW-4" });
  await api.call("POST", `/sessions/${over.sessionId}/expire`, undefined, key);
  await page.goto(`/apps/${id}/test/sessions`);
  await hydrated(page);
  await page.keyboard.press("j");
  await page.keyboard.press("x");
  await page.keyboard.press("j");
  await page.keyboard.press("j");
  await page.keyboard.press("Shift+X");
  await expect(page.getByText("3 sessions chosen")).toBeVisible();
  await page.keyboard.press("k");
  await page.keyboard.press("x");
  await expect(page.getByText("2 sessions chosen")).toBeVisible();

  await page.getByRole("button", { name: "Expire the chosen sessions" }).click();
  const question = page.getByRole("alertdialog", { name: "Expire 1 session?" });
  await expect(question).toContainText("ROW-4");
  await question.getByRole("button", { name: "Expire 1 session" }).click();
  const results = page.getByRole("alert");
  await expect(results).toContainText("1 of 2 sessions expired");
  await expect(results.getByRole("listitem").filter({ hasText: "ROW-2" })).toContainText("expired");
  await expect(results.getByRole("listitem").filter({ hasText: "ROW-4" })).toContainText("already");

  await page.goto(`/apps/${id}/test/sessions`);
  await hydrated(page);
  await page.keyboard.press("j");
  await page.keyboard.press("j");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { level: 2, name: "Timeline" })).toBeVisible();
  await expect(page.getByRole("navigation", { name: /breadcrumb/i })).toContainText("ROW-3");
});

test("new sessions wait behind a link until they are asked for", async ({ page, api }) => {
  const { id, key } = await api.createApplication(`Live ${Date.now()}`);
  await api.createSession(key, { orderReference: "FIRST" });
  await page.goto(`/apps/${id}/test/sessions`);
  await hydrated(page);
  await api.createSession(key);
  await api.createSession(key);
  const pill = page.getByRole("link", { name: "2 new" });
  // The stream tells at once; where it was cut, the page looks by itself.
  await expect(pill).toBeVisible({ timeout: 40_000 });
  await expect(rows(page)).toHaveCount(1);
  await pill.click();
  await expect(rows(page)).toHaveCount(3);
  await expect(pill).toHaveCount(0);
});

test("an export of the list and one of chosen rows are files", async ({ page, api }) => {
  const { id, key } = await api.createApplication(`Export ${Date.now()}`);
  for (const number of [1, 2, 3]) await api.createSession(key, { orderReference: `FILE-${number}` });
  await page.goto(`/apps/${id}/test/sessions`);
  await hydrated(page);
  const saved = async (press: () => Promise<void>) => {
    const waiting = page.waitForEvent("download");
    await press();
    const download = await waiting;
    expect(download.suggestedFilename()).toMatch(/^sessions-.*-test-\d{4}-\d\d-\d\d\.csv$/);
    return (await readFile(await download.path(), "utf8")).trimEnd().split("\r\n");
  };
  await page.locator("summary", { hasText: "Export 3" }).click();
  expect(await saved(() => page.getByRole("link", { name: /^CSV/ }).click())).toHaveLength(4);
  await page.keyboard.press("Escape");
  await page.getByRole("checkbox", { name: "Choose order FILE-2" }).check();
  const chosen = await saved(() =>
    page.getByRole("button", { name: "Export the chosen sessions as CSV" }).click(),
  );
  expect(chosen).toHaveLength(2);
  expect(chosen[1]).toContain("FILE-2");
});

test.describe("as somebody of whom no other test is", () => {
  // A default view is one for all of a person's pages.
  test.use({ storageState: undefined });

  test("a view is saved, changed, made the default and deleted", async ({ page, api }) => {
    const { id, key } = await api.createApplication(`Views ${Date.now()}`);
    await api.createSession(key);
    const name = `Open ones ${Date.now()}`;
    const path = `/apps/${id}/test/sessions`;
    await signIn(page, "developer@demo.kadosei.test");
    await page.goto(`${path}?status=PENDING`);
    await hydrated(page);
    await page.locator("summary", { hasText: "Save view" }).click();
    await page.getByLabel("Name").fill(name);
    await page.getByRole("button", { name: "Save view" }).click();
    const tab = page.getByRole("navigation", { name: "Views" }).getByRole("link", { name });
    await expect(tab).toHaveAttribute("aria-current", "page");

    const menu = page.locator("summary", { hasText: "This view" });
    const remove = async () => {
      await hydrated(page);
      await menu.click();
      await page.getByText("Delete…").click();
      await page.getByRole("button", { name: "Delete view" }).click();
      await answered(page);
      await expect(tab).toHaveCount(0);
    };
    await page.goto(`${page.url()}&currency=AUD`);
    await expect(tab).toContainText("changed");
    await hydrated(page);
    await menu.click();
    await page.getByRole("button", { name: "Save the changed filters" }).click();
    await expect(tab).not.toContainText("changed");
    await hydrated(page);
    await menu.click();
    await page.getByRole("button", { name: "Make it my default" }).click();
    await expect(page.getByText("Sessions open with this view now", { exact: true })).toBeVisible();

    await page.goto("/applications");
    await page.goto(path);
    await expect(page).toHaveURL(/\?currency=AUD&status=PENDING&view=/);
    await remove();
    await page.getByRole("button", { name: "Undo" }).click();
    await expect(page.getByText("View restored", { exact: true })).toBeVisible();
    await expect(page).toHaveURL(/\?currency=AUD&status=PENDING&view=/);
    await expect(tab).toHaveCount(1);

    await remove();
    await page.goto("/applications");
    await page.goto(path);
    await expect(page).toHaveURL(path);
  });
});

test.describe("without JavaScript", () => {
  test.use({ javaScriptEnabled: false });

  test("sessions are filtered, a view is saved, and chosen ones are expired", async ({ page, api }) => {
    const { id, key } = await api.createApplication(`Plain list ${Date.now()}`);
    for (const number of [1, 2]) await api.createSession(key, { orderReference: `PLAIN-${number}` });
    const name = `Plain ${Date.now()}`;
    await page.goto(`/apps/${id}/test/sessions`);
    await page.locator("summary", { hasText: /^Filter$/ }).click();
    const form = page.locator("noscript form").filter({ has: page.locator('[name="order.op"]') });
    await form.locator('[name="order.op"]').selectOption("contains");
    await form.locator('[name="order"]').fill("plain-2");
    await form.getByRole("button", { name: "Apply" }).click();
    await expect(rows(page)).toHaveText([/PLAIN-2/]);

    await page.locator("summary", { hasText: "Save view" }).click();
    await page.getByLabel("Name").fill(name);
    await page.getByRole("button", { name: "Save view" }).click();
    await expect(page.getByRole("link", { name })).toHaveAttribute("aria-current", "page");

    await page.getByRole("checkbox", { name: "Choose order PLAIN-2" }).check();
    await page.getByRole("button", { name: "Expire the chosen sessions" }).click();
    await page.getByRole("button", { name: "Expire 1 session" }).click();
    await expect(page.getByRole("alert")).toContainText("1 of 1 session expired");
  });
});
