import type { Page } from "@playwright/test";
import { startReceiver } from "./support/receiver";
import { expect, owner, signIn, test } from "./support/test";

test.use({ storageState: ({ states }, use) => use(states[owner]) });

async function payWith(page: Page, card: string): Promise<void> {
  await page.getByRole("button", { name: "Continue" }).click();
  await page.getByLabel("Card number").fill(card);
  await page.getByLabel("Expiry").fill("12/34");
  await page.getByLabel("Security code").fill("123");
  await page.getByRole("button", { name: /^Pay/ }).click();
}

test("a declined card ends on the failure page, and the session says why and what to do", async ({
  page,
  api,
}) => {
  const { id, key } = await api.createApplication(`Declined ${Date.now()}`);
  const session = await api.createSession(key);
  await page.goto(session.checkoutUrl);
  await payWith(page, "4000 0000 0000 9995");
  await page.waitForURL("**/demo-shop/failure*");
  await page.goto(`/apps/${id}/test/sessions/${session.sessionId}`);
  await expect(page.getByRole("heading", { level: 1 })).toContainText("Failed");
  await expect(page.getByText(/insufficient funds/i).first()).toBeVisible();
  await expect(page.getByRole("heading", { name: "What to do" })).toBeVisible();
});

test("a test session made here, expired here: its checkout is closed", async ({ page, api }) => {
  const { id } = await api.createApplication(`Expire ${Date.now()}`);
  await page.goto(`/apps/${id}/test/sessions`);
  await page.getByRole("button", { name: "New test session" }).first().click();
  await expect(page).toHaveURL(/\/sessions\/[0-9a-f-]{36}$/);
  const checkout = await page.getByRole("link", { name: /Open checkout/ }).getAttribute("href");
  await page.getByRole("button", { name: "Expire", exact: true }).click();
  await page.getByRole("alertdialog").getByRole("button", { name: "Expire session" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toContainText("Expired");
  await expect(page.getByText("The session is expired", { exact: true })).toBeVisible();
  await expect(page.getByRole("button", { name: "Expire", exact: true })).toHaveCount(0);
  await page.goto(checkout!);
  await expect(page.getByRole("button", { name: "Continue" })).toHaveCount(0);
});

test("a double click on Create makes one application", async ({ page, api }) => {
  const name = `Twice ${Date.now()}`;
  await page.goto("/applications/new");
  await page.getByLabel("Name").fill(name);
  await page.getByRole("button", { name: "Create application" }).dblclick();
  await expect(page).toHaveURL(/\/apps\/[0-9a-f-]+\/test$/);
  const { body } = await api.call("GET", "/applications?limit=100");
  expect(body.items.filter((application: { name: string }) => application.name === name)).toHaveLength(1);
});

test("a delivery that failed is seen, and sent again", async ({ page, api }) => {
  const receiver = await startReceiver();
  try {
    receiver.answer(500);
    const { id } = await api.createApplication(`Deliveries ${Date.now()}`);
    const endpoint = await api.createEndpoint(id, receiver.url);
    await page.goto(`/apps/${id}/test/webhooks/${endpoint.id}`);
    await page.getByRole("button", { name: "Send test event" }).click();
    await expect.poll(() => receiver.received.length).toBe(1);
    await expect(async () => {
      await page.reload();
      await expect(page.getByRole("table").getByRole("row").nth(1)).toContainText("500", { timeout: 500 });
    }).toPass();
    receiver.answer(204);
    await page.getByRole("table").getByRole("row").nth(1).getByRole("link").first().click();
    await page.getByRole("button", { name: /Send again|Retry/ }).click();
    await expect.poll(() => receiver.received.length).toBe(2);
    expect(receiver.received[1]!.headers["webhook-id"]).toBe(receiver.received[0]!.headers["webhook-id"]);
  } finally {
    receiver.close();
  }
});

test("support sees sessions, and nothing it may not do", async ({ browser, api }) => {
  const { id, key } = await api.createApplication(`Support ${Date.now()}`);
  const { sessionId } = await api.createSession(key);
  const context = await browser.newContext({ storageState: undefined });
  const page = await context.newPage();
  await signIn(page, "support@demo.kadosei.test");
  await page.goto(`/apps/${id}/test/sessions/${sessionId}`);
  await expect(page.getByRole("heading", { level: 2, name: "Timeline" })).toBeVisible();
  await page.goto(`/apps/${id}/test/api-keys`);
  await expect(page.getByRole("link", { name: "Create key" })).toHaveCount(0);
  await context.close();
});
