import { readFile } from "node:fs/promises";
import { faults } from "./support/axe";
import { expect, owner, test } from "./support/test";

test.use({ storageState: ({ states }, use) => use(states[owner]) });

test("a change is found by what and who, read before and after, and exported", async ({ page, api }) => {
  const name = `Audited ${Date.now()}`;
  const { id } = await api.createApplication(name);
  const renamed = await api.call("PATCH", `/applications/${id}`, { name: `${name} B` });
  expect(renamed.status).toBe(200);

  await page.goto("/");
  await page.getByRole("link", { name: "Audit log" }).click();
  await page.getByRole("searchbox", { name: "Search the audit log" }).fill(name);
  await page.keyboard.press("Enter");
  const rows = page.getByRole("row").filter({ hasText: name });
  await expect(rows).toHaveCount(2);
  await page.getByRole("button", { name: "What" }).click();
  await page.getByRole("dialog").getByLabel("What").selectOption("application.updated");
  await page.getByRole("button", { name: "Apply" }).click();
  await expect(rows).toHaveCount(1);

  const download = page.waitForEvent("download");
  await page.getByRole("link", { name: "CSV" }).click();
  const file = await (await download).path();
  const lines = (await readFile(file, "utf8")).trimEnd().split("\r\n");
  expect(lines).toHaveLength(2);
  expect(lines[1]).toContain(`application.updated,application,${id}`);

  await rows.first().getByRole("link").click();
  await expect(page.getByRole("heading", { level: 1, name: "Application updated" })).toBeVisible();
  const change = page
    .getByRole("row")
    .filter({ hasText: "name" })
    .filter({ hasText: `${name} B` });
  await expect(change.getByRole("cell", { name, exact: true })).toBeVisible();
  for (const width of [1440, 390]) {
    await page.setViewportSize({ width, height: 900 });
    expect(await faults(page)).toEqual([]);
  }
  await page.getByRole("link", { name: "its history" }).click();
  await expect(page.getByRole("row").filter({ hasText: name })).toHaveCount(2);
});
