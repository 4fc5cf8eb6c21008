import { expect, owner, test } from "./support/test";

test.use({ storageState: ({ states }, use) => use(states[owner]) });

test.describe("the command menu", () => {
  test("goes to a page, by keyboard alone, and gives the focus back", async ({ page, api }) => {
    const { id } = await api.createApplication(`Commands ${Date.now()}`);
    await page.goto(`/apps/${id}/test`);
    const opener = page.getByRole("button", { name: "Command menu" });
    await opener.focus();
    await page.keyboard.press("Control+k");
    const field = page.getByRole("combobox", { name: /^Page, action/ });
    await expect(field).toBeFocused();
    await page.keyboard.press("Escape");
    await expect(field).toBeHidden();
    await expect(opener).toBeFocused();

    await page.keyboard.press("Control+k");
    await field.fill("webhooks");
    const option = page.getByRole("option", { name: "Webhooks", exact: true });
    await expect(option).toHaveAttribute("aria-selected", "true");
    await expect(field).toHaveAttribute("aria-activedescendant", (await option.getAttribute("id")) ?? "");
    await page.keyboard.press("Enter");
    await expect(page).toHaveURL(`/apps/${id}/test/webhooks`);
  });

  test("finds a payment session of another application by its order", async ({ page, api }) => {
    const { id } = await api.createApplication(`Here ${Date.now()}`);
    const { id: there, key } = await api.createApplication(`There ${Date.now()}`);
    const orderReference = `MENU-${Date.now()}`;
    const { sessionId } = await api.createSession(key, { orderReference });
    await page.goto(`/apps/${id}/test/api-keys`);
    await page.keyboard.press("Control+k");
    await page.getByRole("combobox", { name: /^Page, action/ }).fill(orderReference);
    // At the top once it is found; until then there is the search for the same words.
    await expect(page.getByRole("option").first()).toContainText("Pending, There");
    await page.getByRole("option").first().click();
    await expect(page).toHaveURL(`/apps/${there}/test/sessions/${sessionId}`);
    await expect(page).toHaveTitle(`${orderReference} · Sessions · Kadosei`);
    await expect(page.getByRole("navigation", { name: "Breadcrumb" })).toContainText(orderReference);
  });

  test("switches the theme, and lists the shortcuts on ?", async ({ page }) => {
    await page.emulateMedia({ colorScheme: "light" });
    await page.goto("/applications");
    await page.getByRole("button", { name: "Command menu" }).focus();
    await page.keyboard.press("Control+k");
    await page.getByRole("combobox", { name: /^Page, action/ }).fill("dark");
    await page.keyboard.press("Enter");
    await expect(page.locator("html")).toHaveAttribute("data-theme", "dark");
    await page.keyboard.press("?");
    await expect(page.getByRole("dialog", { name: "Keyboard shortcuts" })).toContainText("Command menu");
    await page.keyboard.press("Escape");
    await expect(page.getByRole("dialog")).toHaveCount(0);
  });
});

test("a notice is read once it is opened", async ({ page }) => {
  await page.goto("/notices");
  const bell = page.getByRole("link", { name: /^Notices, \d+ unread$/ });
  await expect(bell).toBeVisible();
  await page
    .getByRole("button", { name: /^Mark “.*” as read$/ })
    .first()
    .click();
  await page.getByRole("button", { name: "Mark all as read" }).click();
  await expect(page.getByRole("link", { name: "Notices", exact: true })).toBeVisible();
  await page.getByRole("link", { name: "Unread", exact: true }).click();
  await expect(page.getByText("You have read every notice.")).toBeVisible();
});
