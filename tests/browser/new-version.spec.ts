import type { Page } from "@playwright/test";
import { expect, owner, test } from "./support/test";

test.use({ storageState: ({ states }, use) => use(states[owner]) });

/** As after a new version was started under an open page: code that it has yet to load is no longer there. */
async function withdraw(page: Page, files: RegExp): Promise<void> {
  await page.route(files, (route) => route.fulfill({ status: 404, body: "not found" }));
}

/** That the files were missing is what the browser has to say, and only that. */
function takeMissing(errors: string[]): void {
  const others = errors.filter((error) => !/Failed to load resource|dynamically imported module/.test(error));
  errors.splice(0, errors.length, ...others);
}

test("a key is created and its secret shown where the dialog's code is gone", async ({
  page,
  shop,
  errors,
}) => {
  await withdraw(page, /\/assets\/(alert-)?dialog-/);
  await page.goto(`${shop}/api-keys?new=1`);
  const form = page.getByRole("main");
  await form.getByLabel("Description").fill("Made under a new version");
  await form.getByRole("button", { name: "Create key" }).click();
  await expect(form.getByText(/^ks_test_\w{38}$/)).toBeVisible();
  await expect(page.getByRole("dialog")).toHaveCount(0);
  await form.getByLabel("I have stored it").check();
  await form.getByRole("button", { name: "Done" }).click();
  await expect(form.getByRole("row").filter({ hasText: "Made under a new version" }).first()).toBeVisible();
  await expect(form.getByText(/^ks_test_\w{38}$/)).toHaveCount(0);
  takeMissing(errors);
});

test("a dialog whose form's code is gone says so, and the page stays", async ({ page, shop, errors }) => {
  await withdraw(page, /\/assets\/api-key-dialogs-/);
  await page.goto(`${shop}/api-keys`);
  await page.getByRole("link", { name: "Create key" }).first().click();
  await expect(page.getByRole("alert")).toHaveText(
    "This could not be loaded. Reload the page, and try again.",
  );
  await expect(page.getByRole("table")).toBeVisible();
  takeMissing(errors);
});

test("a fold and a part of a page say that their code is gone, and the page stays", async ({
  page,
  shop,
  errors,
}) => {
  await withdraw(page, /\/assets\/(date-range-panels|no-sessions)-/);
  await page.goto(`${shop}/sessions`);
  const missing = page.getByText("This could not be loaded. Reload the page, and try again.");
  await page.locator("summary", { hasText: "Any time" }).click();
  await expect(missing).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(missing).toBeHidden();
  const search = page.getByRole("searchbox", { name: "Search sessions" });
  await search.fill("nobody-has-this");
  await search.press("Enter");
  await expect(page.getByRole("alert")).toHaveText(
    "This could not be loaded. Reload the page, and try again.",
  );
  await expect(page.getByRole("heading", { name: "Sessions", level: 1 })).toBeVisible();
  takeMissing(errors);
});

test("a menu whose code is gone says so, also where the notice's own is", async ({ page, shop, errors }) => {
  await withdraw(page, /\/assets\/(dropdown-menu|toast-viewport)/);
  await page.goto(`${shop}/sessions`);
  await page.getByRole("button", { name: "Your account" }).click();
  await expect(page.getByRole("alert")).toHaveText(
    "This could not be loaded. Reload the page, and try again.",
  );
  takeMissing(errors);
});

test("the command menu says that its code is gone, and a form without its schema is still sent", async ({
  page,
  shop,
  errors,
}) => {
  await withdraw(page, /\/assets\/(command-menu|api-key-form-schema|schemas)-/);
  await page.goto(`${shop}/api-keys?new=1`);
  const dialog = page.getByRole("dialog", { name: "Create a test key" });
  await dialog.getByLabel("Description").fill("");
  await dialog.getByRole("button", { name: "Create key" }).click();
  await expect(dialog.getByText(/^Description /)).toBeVisible();
  // The files were asked for and missing, and nothing was left to the browser to complain about.
  expect(errors.filter((error) => /Failed to load resource/.test(error))).not.toEqual([]);
  expect(errors.filter((error) => /dynamically imported module/.test(error))).toEqual([]);
  await page.keyboard.press("Escape");
  await page.keyboard.press("Control+k");
  await expect(page.getByText("This could not be loaded.", { exact: false }).first()).toBeVisible();
  takeMissing(errors);
});

test("a page whose charts' code is gone keeps everything else", async ({ page, shop, errors }) => {
  await withdraw(page, /\/assets\/[\w-]+\.recharts-/);
  await page.goto(`${shop}/analytics?range=90d`);
  await expect(page.getByText("The chart could not be loaded.").first()).toBeVisible();
  await expect(page.getByRole("heading", { name: "Analytics", level: 1 })).toBeVisible();
  takeMissing(errors);
});
