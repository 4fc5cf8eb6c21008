import { expect, owner, test } from "./support/test";

test.describe("the documentation", () => {
  test("sends what it shows to this instance with a pasted key, and asks nobody else for anything", async ({
    page,
    api,
    origin,
  }) => {
    const asked: string[] = [];
    page.on("request", (request) => asked.push(new URL(request.url()).origin));
    const { key } = await api.createApplication(`Docs ${Date.now()}`);
    await page.goto("/docs");
    await page.getByRole("link", { name: "Create a payment session" }).first().click();
    await expect(page.getByRole("heading", { level: 1 })).toContainText("Create a payment session");
    const form = page.getByRole("region", { name: "Try it" });
    await form.getByLabel("API key").fill(key);
    await form.getByRole("button", { name: "Send" }).click();
    await expect(form.getByText("201 Created")).toBeVisible();
    const answer = JSON.parse((await form.locator("pre").textContent()) ?? "");
    expect(answer.status).toBe("PENDING");

    // The key stays while the reader goes on, and is stored nowhere.
    await page
      .getByRole("link", { name: /Get session/ })
      .first()
      .click();
    await expect(form.getByLabel("API key")).toHaveValue(key);
    await form.getByLabel("sessionId").fill(answer.sessionId);
    await form.getByRole("button", { name: "Send" }).click();
    await expect(form.getByText("200 OK")).toBeVisible();
    await expect(form.locator("pre")).toContainText(answer.sessionId);
    const stored = await page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }]));
    expect(stored).not.toContain(key);
    await page.reload();
    await expect(form.getByLabel("API key")).toHaveValue("");
    expect([...new Set(asked)]).toEqual([origin]);
  });

  test("shows an error as the API said it", async ({ page }) => {
    await page.goto("/docs/api/listSessions");
    const form = page.getByRole("region", { name: "Try it" });
    await form.getByLabel("API key").fill("ks_test_nonsense");
    await form.getByRole("button", { name: "Send" }).click();
    await expect(form.getByText("401 Unauthorized")).toBeVisible();
    await expect(form.locator("pre")).toContainText("AUTHENTICATION_REQUIRED");
  });

  test("keeps the chosen language from page to page", async ({ page }) => {
    await page.goto("/docs/api/createSession");
    await page.getByRole("tab", { name: "Ruby" }).click();
    await expect(page.getByRole("tabpanel")).toContainText("require 'net/http'");
    await page.getByRole("link", { name: "Webhooks", exact: true }).first().click();
    await expect(page.getByRole("tab", { name: "Ruby" }).first()).toHaveAttribute("aria-selected", "true");
  });

  test.describe("from the dashboard", () => {
    test.use({ storageState: ({ states }, use) => use(states[owner]) });
    test("is one click away", async ({ page }) => {
      await page.goto("/applications");
      await page.getByRole("link", { name: "API reference" }).click();
      await expect(page.getByRole("heading", { level: 1, name: "Kadosei API" })).toBeVisible();
    });
  });
});
