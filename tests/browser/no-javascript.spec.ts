import { password } from "./support/people.mjs";
import { expect, owner, test } from "./support/test";

test.use({ javaScriptEnabled: false });

test("a merchant signs in, finds a session and makes a key", async ({ page, api }) => {
  const { id, key } = await api.createApplication(`Plain ${Date.now()}`);
  const orderReference = `PLAIN-${Date.now()}`;
  await api.createSession(key, { orderReference });
  for (let more = 0; more < 21; more += 1) await api.createSession(key);

  await test.step("sign in", async () => {
    await page.goto(`/apps/${id}/test/sessions`);
    await page.getByLabel("E-mail").fill(owner);
    await page.getByLabel("Password", { exact: true }).fill(password);
    await page.getByRole("button", { name: "Sign in", exact: true }).click();
    await expect(page).toHaveURL(`/apps/${id}/test/sessions`);
  });

  const rows = page.getByRole("table").getByRole("row");
  await test.step("page through the sessions", async () => {
    await expect(rows).toHaveCount(21);
    await page.getByRole("link", { name: "Next" }).click();
    await expect(rows).toHaveCount(3);
  });

  await test.step("search one and open it", async () => {
    const search = page.getByRole("searchbox", { name: "Search sessions" });
    await search.fill(orderReference);
    await search.press("Enter");
    await expect(rows).toHaveCount(2);
    await rows.nth(1).getByRole("link").click();
    await expect(page.getByRole("heading", { level: 2, name: "Timeline" })).toBeVisible();
  });

  await test.step("expire it", async () => {
    await page.getByRole("button", { name: "Expire now" }).click();
    await expect(page.getByRole("heading", { level: 1 })).toContainText("Expired");
  });

  await test.step("make a key", async () => {
    await page.getByRole("link", { name: "API keys" }).click();
    await page.getByRole("link", { name: "Create key" }).click();
    await page.getByLabel("Description").fill("Without scripts");
    await page.getByRole("button", { name: "Create key" }).click();
    await expect(page.getByText(/^ks_test_\w{38}$/)).toBeVisible();
  });

  await test.step("sign out", async () => {
    await page.goto("/applications");
    await page.getByRole("button", { name: "Sign out" }).click();
    await expect(page).toHaveURL(/\/sign-in/);
    await page.goto("/applications");
    await expect(page).toHaveURL(/\/sign-in/);
  });
});

test("a customer pays", async ({ page, api }) => {
  const { key } = await api.createApplication(`Plain checkout ${Date.now()}`);
  const session = await api.createSession(key);
  await page.goto(session.checkoutUrl);
  await page.getByRole("button", { name: "Continue" }).click();
  await page.getByLabel("Card number").fill("4242424242424242");
  await page.getByLabel("Expiry").fill("12/34");
  await page.getByLabel("Security code").fill("123");
  await page.getByRole("button", { name: /^Pay/ }).click();
  await expect(page).toHaveURL(/\/demo-shop\/success/);
  expect(await api.sessionStatus(key, session.sessionId)).toBe("SUCCEEDED");
});
