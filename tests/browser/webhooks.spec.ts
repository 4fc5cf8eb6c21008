import { faults } from "./support/axe";
import { startReceiver } from "./support/receiver";
import { expect, owner, test } from "./support/test";

test.use({ storageState: ({ states }, use) => use(states[owner]) });

test("a drill finds a server that checks nothing, and its report says what to change", async ({
  page,
  api,
}) => {
  const receiver = await startReceiver();
  const { id } = await api.createApplication(`Drill ${Date.now()}`);
  const endpoint = await api.createEndpoint(id, receiver.url);
  await page.goto(`/apps/${id}/test/webhooks/${endpoint.id}`);
  await page.getByRole("link", { name: "Integration drill" }).click();
  await page.getByRole("button", { name: "Run the drill" }).click();
  await expect(page.getByText(/steps went wrong/)).toBeVisible({ timeout: 30_000 });
  await expect(page.getByText("It took an event that was signed with another secret.")).toBeVisible();
  await expect(page.getByText(/Verify webhook-signature before anything else/)).toBeVisible();
  await page.getByText("Request and response").first().click();
  await expect(page.getByText("webhook-signature: v1,").first()).toBeVisible();
  expect(await faults(page)).toEqual([]);
  expect(receiver.received).toHaveLength(10);
  receiver.close();
});

test("an event that failed is sent again from its page, and everything else is recovered from the endpoint's", async ({
  page,
  api,
}) => {
  const receiver = await startReceiver();
  receiver.answer(500);
  const { id, key } = await api.createApplication(`Recover ${Date.now()}`);
  const endpoint = await api.createEndpoint(id, receiver.url);
  for (let count = 0; count < 2; count++) {
    const { sessionId } = await api.createSession(key);
    await api.call("POST", `/sessions/${sessionId}/expire`, undefined, key);
  }
  // First tries and the retries 5 s later: the next ones are minutes away, so nothing goes by itself from here on.
  await expect.poll(() => receiver.received.length, { timeout: 30_000 }).toBe(4);
  receiver.answer(200);
  const { body } = await api.call("GET", `/applications/${id}/webhooks/${endpoint.id}/deliveries`);
  await page.goto(`/apps/${id}/test/sessions/${body.items[0].sessionId}`);
  await page.getByRole("link", { name: "Requests and responses" }).click();
  // The session's page has such a button, too.
  await page.waitForURL(/\/webhooks\/events\//);
  await page.getByRole("button", { name: "Send again" }).click();
  await expect(page.getByText("Answered 200")).toBeVisible({ timeout: 15_000 });
  await page.getByRole("link", { name: receiver.url }).click();
  await page.getByRole("link", { name: "Recover missed events" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Recover" }).click();
  await expect(page.getByText(/1 to send: 1 delivered/)).toBeVisible({ timeout: 15_000 });
  receiver.close();
});

test("an endpoint that was turned off is not asked what to recover", async ({ page, api }) => {
  const { id } = await api.createApplication(`Off ${Date.now()}`);
  const endpoint = await api.createEndpoint(id, "http://localhost:9/hooks");
  const path = `/apps/${id}/test/webhooks/${endpoint.id}`;
  await page.goto(`${path}?ask=deactivate`);
  await page.getByRole("alertdialog").getByRole("button", { name: "Turn off" }).click();
  await expect(page.getByRole("button", { name: "Turn on" })).toBeVisible();
  await page.goto(`${path}?ask=recover`);
  await expect(page.getByRole("button", { name: "Turn on" })).toBeVisible();
  await expect(page.getByRole("dialog")).toHaveCount(0);
});
