import { answered, expect, owner, test } from "./support/test";

test.use({ storageState: ({ states }, use) => use(states[owner]) });

test("somebody is invited, gets the mail, and the invitation is taken back", async ({ page }) => {
  const email = `yuki-${Date.now()}@example.test`;
  await page.goto("/team");
  await page.getByRole("link", { name: "Invite" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("E-mail").fill("not an address");
  await dialog.getByRole("button", { name: "Send invitation" }).click();
  await expect(dialog.getByText("must be an e-mail address")).toBeVisible();
  await dialog.getByLabel("E-mail").fill(email);
  await dialog.getByLabel("Role").selectOption("support");
  await dialog.getByRole("button", { name: "Send invitation" }).click();
  const row = page.getByRole("row").filter({ hasText: email });
  await expect(row).toContainText("Waiting");
  await expect(row).toContainText("Support");

  // Mailed by a job.
  const mailed = await page.context().newPage();
  await expect(async () => {
    await mailed.goto("/dev/mail");
    await expect(mailed.getByText(email).first()).toBeVisible({ timeout: 1_000 });
  }).toPass({ timeout: 30_000 });
  await expect(mailed.getByText(/\/invitation\?token=[\w-]{43}/).first()).toBeVisible();
  await mailed.close();

  await row.getByRole("link", { name: `Revoke the invitation of ${email}` }).click();
  await page.getByRole("alertdialog").getByRole("button", { name: "Revoke invitation" }).click();
  await answered(page);
  await expect(row).toHaveCount(0);
});

test("a role is changed, and the only owner stays", async ({ page }) => {
  await page.goto("/team");
  const tom = page.getByRole("row").filter({ hasText: "support@demo.kadosei.test" });
  for (const role of ["Viewer", "Support"]) {
    await tom.getByRole("link", { name: "Change the role of Tom Reyes" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("Role", { exact: true }).selectOption(role);
    await dialog.getByRole("button", { name: "Change role" }).click();
    await expect(tom.getByRole("cell", { name: role, exact: true })).toBeVisible();
  }
  const mara = page.getByRole("row").filter({ hasText: owner });
  await expect(mara).toContainText("The only owner");
  await expect(mara.getByRole("link")).toHaveCount(0);
});
