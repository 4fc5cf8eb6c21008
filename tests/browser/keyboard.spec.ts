import { password } from "./support/people.mjs";
import { expect, owner, test } from "./support/test";

test.describe("by keyboard alone", () => {
  test("signing in, with a mistake first", async ({ page }) => {
    await page.goto("/sign-in?returnTo=/applications");
    await expect(page.getByLabel("E-mail")).toBeFocused();
    await page.keyboard.type(owner);
    await page.keyboard.press("Tab");
    await expect(page.getByLabel("Password", { exact: true })).toBeFocused();
    await page.keyboard.type("not this one");
    await page.keyboard.press("Enter");
    const field = page.getByLabel("Password", { exact: true });
    await expect(field).toHaveAccessibleDescription(/not right|do not match|incorrect|wrong/i);
    await expect(page.getByLabel("E-mail")).toHaveValue(owner);
    await field.fill(password);
    await field.press("Enter");
    await expect(page).toHaveURL(/\/applications$/);
  });

  test.describe("signed in", () => {
    test.use({ storageState: ({ states }, use) => use(states[owner]) });

    test("the first Tab offers to skip the navigation", async ({ page }) => {
      await page.goto("/applications");
      await page.keyboard.press("Tab");
      const skip = page.getByRole("link", { name: "Skip to content" });
      await expect(skip).toBeFocused();
      await expect(skip).toBeInViewport();
      await page.keyboard.press("Enter");
      await expect(page.getByRole("main")).toBeFocused();
    });

    test("/ goes to the search, and Enter to the sessions found", async ({ page, api }) => {
      const { id, key } = await api.createApplication(`Keyboard ${Date.now()}`);
      const orderReference = `KEYS-${Date.now()}`;
      await api.createSession(key, { orderReference });
      await api.createSession(key);
      await page.goto(`/apps/${id}/test`);
      await page.keyboard.press("/");
      await expect(page.getByRole("searchbox", { name: "Search payment sessions" })).toBeFocused();
      await page.keyboard.type(orderReference);
      await page.keyboard.press("Enter");
      const rows = page.getByRole("table").getByRole("row");
      await expect(rows).toHaveCount(2);
      await expect(rows.nth(1)).toContainText(orderReference);
      await rows.nth(1).getByRole("link").focus();
      await page.keyboard.press("Enter");
      await expect(page.getByRole("heading", { level: 2, name: "Timeline" })).toBeVisible();
      await page.goBack();
      await expect(page).toHaveURL(new RegExp(`q=${orderReference}`));
    });

    test("a dialog keeps the focus, Esc closes it, and focus returns", async ({ page, api }) => {
      const { id, key } = await api.createApplication(`Dialog ${Date.now()}`);
      const { sessionId } = await api.createSession(key);
      await page.goto(`/apps/${id}/test/sessions/${sessionId}`);
      const opener = page.getByRole("button", { name: "Expire", exact: true });
      await opener.focus();
      await page.keyboard.press("Enter");
      const dialog = page.getByRole("alertdialog");
      await expect(dialog).toBeVisible();
      for (let press = 0; press < 6; press += 1) {
        await page.keyboard.press("Tab");
        await expect(dialog.locator(":focus")).toHaveCount(1);
      }
      await page.keyboard.press("Escape");
      await expect(dialog).toBeHidden();
      await expect(opener).toBeFocused();
    });

    test("the application menu opens, moves and chooses", async ({ page, api }) => {
      const name = `Menu ${Date.now()}`;
      const { id } = await api.createApplication(name);
      const { id: other } = await api.createApplication(`Another ${Date.now()}`);
      await page.goto(`/apps/${other}/test/api-keys`);
      await page.getByRole("button", { name: /^Change application/ }).focus();
      await page.keyboard.press("Enter");
      const item = page.getByRole("menuitem", { name, exact: true }).or(page.getByRole("option", { name }));
      await expect(item).toBeVisible();
      await page.keyboard.type(name);
      await expect(item).toBeFocused();
      await page.keyboard.press("Enter");
      await expect(page).toHaveURL(`/apps/${id}/test/api-keys`);
    });

    test("a menu opens at the first press and at the first key, and gives the focus back", async ({
      page,
    }) => {
      await page.goto("/applications");
      const opener = page.getByRole("button", { name: "Your account" });
      const first = page.getByRole("menuitem").first();
      await expect(opener).toHaveAttribute("aria-haspopup", "menu");
      await expect(opener).toHaveAttribute("aria-expanded", "false");
      await opener.press("ArrowDown");
      await expect(first).toBeFocused();
      await page.keyboard.press("Escape");
      await expect(first).toBeHidden();
      await expect(opener).toBeFocused();
      await page.reload();
      await opener.click();
      await expect(first).toBeVisible();
      await expect(opener).toHaveAttribute("aria-expanded", "true");
      await opener.click();
      await expect(first).toBeHidden();
    });

    test("the navigation's drawer opens where it is narrow, and gives the focus back", async ({ page }) => {
      await page.setViewportSize({ width: 390, height: 800 });
      await page.goto("/applications");
      const opener = page.getByRole("button", { name: "Open menu" });
      await opener.press("Enter");
      const drawer = page.getByRole("dialog", { name: "Menu" });
      await expect(drawer.locator(":focus")).toHaveCount(1);
      await page.keyboard.press("Escape");
      await expect(drawer).toBeHidden();
      await expect(opener).toBeFocused();
    });

    test("the chosen theme stays after a reload", async ({ page }) => {
      await page.emulateMedia({ colorScheme: "light" });
      await page.goto("/applications");
      const background = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
      const light = await background();
      // The page changes at once; what a reload keeps is the answer's cookie.
      const kept = page.waitForResponse((response) => response.request().method() === "POST");
      await page.getByRole("button", { name: "Use the dark theme" }).press("Enter");
      await kept;
      await expect(page.getByRole("button", { name: "Use the light theme" })).toBeVisible();
      await expect.poll(background).not.toBe(light);
      const dark = await background();
      await page.reload();
      expect(await background()).toBe(dark);
    });
  });
});
