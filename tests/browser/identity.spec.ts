import type { Page } from "@playwright/test";
import { totpAt, totpStep } from "../../app/domain/users/totp.server";
import { faults } from "./support/axe";
import { invited, password, stale } from "./support/people.mjs";
import { expect, owner, test } from "./support/test";

// Each is a dozen pages long, and checks passwords, which is slow on purpose.
test.setTimeout(240_000);

const NEW_PASSWORD = "seventeen green bicycles";

async function signIn(page: Page, email: string, secret: string): Promise<void> {
  await page.goto("/sign-in");
  await page.getByLabel("E-mail").fill(email);
  await page.getByLabel("Password", { exact: true }).fill(secret);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
}

/** Path and query of the newest link of its kind that was mailed to an address. */
async function mailedLink(page: Page, email: string, path: string): Promise<string> {
  const found = async () => {
    await page.goto("/dev/mail");
    const mail = page.locator("section", { hasText: email }).filter({ hasText: `${path}?token=` });
    if ((await mail.count()) === 0) return null;
    return new RegExp(`${path}\\?token=[\\w-]+`).exec(await mail.first().innerText())?.[0] ?? null;
  };
  // A job mails it.
  await expect.poll(found, { timeout: 30_000 }).not.toBeNull();
  return (await found()) ?? "";
}

async function noFaults(page: Page): Promise<void> {
  expect(await faults(page)).toEqual([]);
}

/** From the invitation to a forgotten password, with two-factor on the way. */
async function live(page: Page, { email, token }: { email: string; token: string }, hasScripts: boolean) {
  const check = () => (hasScripts ? noFaults(page) : Promise.resolve());

  await test.step("join by the mailed link", async () => {
    await page.goto(`/invitation?token=${token}`);
    await expect(page.getByRole("heading", { name: "Join Idle Ltd" })).toBeVisible();
    await page.getByLabel("First name").fill("Amina");
    await page.getByLabel("Last name").fill("Odhiambo");
    await page.getByLabel("Password", { exact: true }).fill("too short");
    await page.getByRole("button", { name: "Join the team" }).click();
    await expect(page.getByText("Password must have at least 16 characters.")).toBeVisible();
    await expect(page.getByLabel("First name")).toHaveValue("Amina");
    await page.getByLabel("Password", { exact: true }).fill(password);
    await page.getByRole("button", { name: "Join the team" }).click();
    await expect(page).toHaveURL(/\/(applications|apps)/);
    await page.goto(`/invitation?token=${token}`);
    await expect(page.getByRole("heading", { name: "This link does not work" })).toBeVisible();
  });

  const { secret, codes } = await test.step("set two-factor up", async () => {
    await page.goto("/account/security");
    await page.getByRole("button", { name: "Set up two-factor" }).click();
    await expect(page.getByRole("img", { name: "QR code for your authenticator app" })).toBeVisible();
    await check();
    const shown = (await page.locator("code").first().innerText()).replace(/\s/g, "");
    await page.getByLabel("Code").fill(totpAt(shown, totpStep(new Date())));
    await page.getByRole("button", { name: "Turn two-factor on" }).click();
    await expect(page.getByRole("heading", { name: "Two-factor is on" })).toBeVisible();
    await check();
    const list = await page
      .getByRole("listitem")
      .filter({ hasText: /^(\w{4}-){3}\w{4}$/ })
      .allInnerTexts();
    expect(list).toHaveLength(10);
    await page.getByLabel("I have stored them").check();
    await page.getByRole("button", { name: "Done" }).click();
    await expect(page.getByText("10 recovery codes are left")).toBeVisible();
    return { secret: shown, codes: list };
  });

  await test.step("sign out everywhere, and in again with a code", async () => {
    await page.goto("/account/security?ask=sign-out-everywhere");
    await page.getByRole("button", { name: "Sign out everywhere" }).last().click();
    await expect(page.getByText("You are signed out everywhere.")).toBeVisible();
    await signIn(page, email, password);
    await expect(page).toHaveURL(/\/sign-in\/code/);
    await page.getByLabel("Code").fill("000000");
    await page.getByRole("button", { name: "Sign in" }).click();
    await expect(page.getByText("4 tries left before a 15-minute pause.")).toBeVisible();
    await check();
    // The step of the set-up is used: the next one counts already.
    await page.getByLabel("Code").fill(totpAt(secret, totpStep(new Date()) + 1));
    await page.getByRole("button", { name: "Sign in" }).click();
    await expect(page).toHaveURL(/\/(applications|apps)/);
  });

  await test.step("choose a new password by a mailed link, and sign in with a recovery code", async () => {
    await page.context().clearCookies();
    await page.goto("/sign-in");
    await page.getByRole("link", { name: "Forgot it?" }).click();
    // The page that is left has such a field, too.
    await expect(page.getByRole("heading", { name: "Forgotten your password?" })).toBeVisible();
    await page.getByLabel("E-mail").fill(email);
    await page.getByRole("button", { name: "Send the link" }).click();
    await expect(page.getByRole("heading", { name: "Look into your mailbox" })).toBeVisible({
      timeout: 30_000,
    });
    await page.goto(await mailedLink(page, email, "/reset-password"));
    await check();
    await page.getByLabel("New password", { exact: true }).fill(NEW_PASSWORD);
    await page.getByRole("button", { name: "Set password" }).click();
    await expect(page.getByText("Your new password is set. Sign in with it.")).toBeVisible();
    await signIn(page, email, NEW_PASSWORD);
    await page.getByRole("link", { name: "Use a recovery code" }).click();
    await page.getByLabel("Recovery code").fill(codes[0] ?? "");
    await page.getByRole("button", { name: "Sign in" }).click();
    await expect(page).toHaveURL(/\/(applications|apps)/);
    await page.goto("/account/security");
    await expect(page.getByText("9 recovery codes are left")).toBeVisible();
    await expect(page.getByText("This browser", { exact: true })).toBeVisible();
  });
}

/** An API key with a sign-in of an hour ago: the same form asks for the password, and keeps what was typed. */
async function confirm(page: Page, token: string, applicationId: string) {
  await page.context().addCookies([{ name: "kadosei", value: token, domain: "localhost", path: "/" }]);
  await page.goto(`/apps/${applicationId}/test/api-keys?new=1`);
  await page.getByLabel("Description").fill("Nightly job");
  await page.getByLabel("Your password").fill("not this one");
  await page.getByRole("button", { name: "Create key" }).last().click();
  await expect(page.locator("#identity-error")).toContainText("That is not right.", { timeout: 30_000 });
  await expect(page.getByLabel("Description")).toHaveValue("Nightly job");
  await page.getByLabel("Your password").fill(password);
  await page.getByRole("button", { name: "Create key" }).last().click();
  await expect(page.getByText(/^ks_test_\w{38}$/)).toBeVisible();
  expect(page.url()).not.toContain("password");
  const now = (await page.context().cookies()).find(({ name }) => name === "kadosei")?.value;
  expect(now).toMatch(/^[\w-]{43}$/);
  expect(now).not.toBe(token);
  // The token from before is dead; the new one goes on.
  await page.goto("/account");
  await expect(page.getByText(`You sign in as ${owner}.`)).toBeVisible();
  await page.context().addCookies([{ name: "kadosei", value: token, domain: "localhost", path: "/" }]);
  await page.goto("/account");
  await expect(page).toHaveURL(/\/sign-in/);
}

test("a person's sign-in, from the invitation to a forgotten password", async ({ page }, { retry }) => {
  await live(page, invited["with-scripts"][retry]!, true);
});

test("an hour after signing in, a form that makes a secret asks for the password", async ({ page, api }, {
  retry,
}) => {
  const { id } = await api.createApplication(`Confirmed ${Date.now()}`);
  await confirm(page, stale["with-scripts"][retry]!, id);
});

test.describe("without JavaScript", () => {
  test.use({ javaScriptEnabled: false });

  test("a person's sign-in, from the invitation to a forgotten password", async ({ page }, { retry }) => {
    await live(page, invited["without-scripts"][retry]!, false);
  });

  test("an hour after signing in, a form that makes a secret asks for the password", async ({ page, api }, {
    retry,
  }) => {
    const { id } = await api.createApplication(`Confirmed plainly ${Date.now()}`);
    await confirm(page, stale["without-scripts"][retry]!, id);
  });
});

test("a link for a new password is asked for by keyboard alone, and an unknown address is answered alike", async ({
  page,
}) => {
  await page.goto("/forgot-password");
  await expect(page.getByLabel("E-mail")).toBeFocused();
  await page.keyboard.type("nobody@nowhere.test");
  await page.keyboard.press("Enter");
  await expect(page.getByText("If nobody@nowhere.test has a sign-in")).toBeVisible();
});
