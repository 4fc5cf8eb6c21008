import { faults } from "./support/axe";
import { expect, owner, signIn, test } from "./support/test";

test("staff find a session, say why, look, change nothing and leave; the merchant reads all of it", async ({
  page,
  browser,
  states,
  origin,
  api,
}) => {
  const { id, key } = await api.createApplication(`Support ${Date.now()}`);
  const { sessionId } = await api.createSession(key);
  // No number that could be a card: those are masked in a reason.
  const reason = `Ticket ${Date.now().toString(36)}: a payment does not go through`;

  await signIn(page, "staff@kadosei.test");
  await expect(page.getByRole("heading", { level: 1, name: "Support console" })).toBeVisible();
  await page.getByLabel("Identifier").fill(sessionId);
  await page.getByRole("button", { name: "Search" }).click();
  await expect(page.getByRole("row").filter({ hasText: sessionId })).toContainText("Demo Outfitters");
  expect(await faults(page)).toEqual([]);
  await page.getByRole("link", { name: "Open the session of Demo Outfitters" }).click();
  await page.getByRole("button", { name: "Enter", exact: true }).click();
  await expect(page.getByText("The reason is required.")).toBeVisible();
  expect(await faults(page)).toEqual([]);
  await page.getByLabel("Reason").fill(reason);
  await page.getByRole("button", { name: "Enter", exact: true }).click();
  await page.waitForURL(new RegExp(`/apps/${id}/test/sessions/${sessionId}`));
  const banner = page.getByRole("region", { name: "Support visit" });
  await expect(banner).toContainText("Support visit to Demo Outfitters: read only");
  await expect(page.getByRole("button", { name: /expire/i })).toHaveCount(0);
  for (const width of [1440, 390]) {
    await page.setViewportSize({ width, height: 900 });
    expect(await faults(page)).toEqual([]);
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    expect(overflow).toBeLessThanOrEqual(0);
  }
  await banner.getByRole("button", { name: "Leave" }).click();
  await page.waitForURL(/\/support$/);
  await expect(page.getByRole("row").filter({ hasText: reason })).toBeVisible();
  await page.goto(`/apps/${id}/test/sessions/${sessionId}`);
  await page.waitForURL(/\/support$/);

  const theirs = await browser.newPage({ storageState: states[owner], baseURL: origin });
  await theirs.goto(`/audit-log?q=${sessionId}`);
  await expect(theirs.getByRole("row").filter({ hasText: "Support viewed" }).first()).toContainText(
    "Ines Albrecht (Kadosei support)",
  );
  await theirs.goto("/audit-log?action=support.entered");
  await theirs.getByRole("row").filter({ hasText: "Ines Albrecht" }).first().getByRole("link").click();
  await expect(theirs.getByText(reason)).toBeVisible();
  await theirs.close();
});
