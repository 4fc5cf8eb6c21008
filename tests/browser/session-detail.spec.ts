import { answered, expect, owner, test } from "./support/test";

test.use({ storageState: ({ states }, use) => use(states[owner]) });

test("a note that mentions a member: chosen from the list, told, taken back", async ({ page, api }) => {
  const { id, key } = await api.createApplication(`Notes ${Date.now()}`);
  const { sessionId } = await api.createSession(key);
  await page.goto(`/apps/${id}/test/sessions/${sessionId}`);
  const field = page.getByRole("textbox", { name: "Add a note for your team" });
  await field.fill("She called, ");
  // Until the page is React's, nothing is offered.
  await expect(async () => {
    await field.fill("She called, ");
    await field.pressSequentially("@to");
    await expect(page.getByRole("option", { name: "Tom Reyes" })).toBeVisible({ timeout: 1_000 });
  }).toPass();
  await field.press("Enter");
  await expect(field).toHaveValue("She called, @Tom Reyes ");
  await page.getByRole("button", { name: "Add note" }).click();
  await expect(page.getByText("Note added; one member is told", { exact: true })).toBeVisible();
  const note = page.getByRole("listitem").filter({ hasText: "She called, @Tom Reyes" });
  await expect(note).toContainText("Mara Okafor");
  await expect(field).toHaveValue("");

  await note.getByRole("button", { name: "Delete this note" }).click();
  await page.getByRole("alertdialog").getByRole("button", { name: "Delete note" }).click();
  await answered(page);
  await expect(note).toHaveCount(0);
});

test("a share link opens without a sign-in, is counted, and ends when it is revoked", async ({
  page,
  api,
  browser,
}) => {
  const { id, key } = await api.createApplication(`Share ${Date.now()}`);
  const session = await api.createSession(key);
  await page.goto(`/apps/${id}/test/sessions/${session.sessionId}`);
  await page.getByRole("link", { name: "Share" }).click();
  await page.getByLabel("What for").fill("Case 4711");
  await page.getByRole("button", { name: "Make link" }).click();
  const made = page.getByRole("dialog", { name: "The link is made" });
  const link = (await made.locator("code").textContent())!;
  await made.getByLabel("I have stored it").check();
  await made.getByRole("button", { name: "Done" }).click();
  const card = page.getByRole("region", { name: "Shared outside" });
  await expect(card).toContainText("Case 4711");
  await expect(card).toContainText("Not opened yet");

  const context = await browser.newContext({ storageState: undefined });
  const visitor = await context.newPage();
  await visitor.goto(link);
  await expect(visitor.getByRole("heading", { level: 2, name: "Timeline" })).toBeVisible();
  await expect(visitor.locator('meta[name="robots"]')).toHaveAttribute("content", /noindex/);
  await expect(visitor.getByRole("main")).not.toContainText("jane.smith@example.com");
  await visitor.getByRole("link", { name: "Calls" }).click();
  await expect(visitor).toHaveURL(/show=calls/);

  await page.reload();
  await expect(card).toContainText("Opened once");
  await card.getByRole("button", { name: /Revoke/ }).click();
  await page.getByRole("alertdialog").getByRole("button", { name: "Revoke link" }).click();
  await answered(page);
  await expect(card).toHaveCount(0);
  await visitor.goto(link);
  await expect(visitor.getByRole("heading", { name: "This link has ended" })).toBeVisible();
  await context.close();
});

test("the raw JSON is what the API answers, and no key is in the curl", async ({ page, api }) => {
  const { id, key } = await api.createApplication(`Raw ${Date.now()}`);
  const { sessionId } = await api.createSession(key);
  await page.goto(`/apps/${id}/test/sessions/${sessionId}`);
  const section = page.getByRole("region", { name: "In the API" });
  await section.getByText("Raw JSON", { exact: true }).first().click();
  const answer = await api.call("GET", `/sessions/${sessionId}`, undefined, key);
  expect(JSON.parse((await section.locator("pre").first().textContent())!)).toEqual(answer.body);
  await expect(section).not.toContainText(key);
});

test.describe("without JavaScript", () => {
  test.use({ javaScriptEnabled: false });

  test("notes and share links are made and taken back", async ({ page, api }) => {
    const { id, key } = await api.createApplication(`Plain notes ${Date.now()}`);
    const { sessionId } = await api.createSession(key);
    const path = `/apps/${id}/test/sessions/${sessionId}`;
    await page.goto(path);
    await page.getByRole("textbox", { name: "Add a note for your team" }).fill("For @Tom");
    await page.getByRole("button", { name: "Add note" }).click();
    await expect(page.getByRole("listitem").filter({ hasText: "For @Tom" })).toHaveCount(1);
    await page.getByRole("button", { name: "Delete", exact: true }).click();
    await expect(page.getByText("No note yet")).toBeVisible();

    await page.getByRole("link", { name: "Share" }).click();
    await page.getByRole("button", { name: "Make link" }).click();
    const link = (await page.locator("code", { hasText: "/share/" }).textContent())!;
    await page.goto(link);
    await expect(page.getByRole("heading", { level: 2, name: "Timeline" })).toBeVisible();
    await page.goto(path);
    await page.getByRole("button", { name: "Revoke" }).click();
    await expect(page.getByRole("heading", { name: "Shared outside" })).toHaveCount(0);
  });
});
