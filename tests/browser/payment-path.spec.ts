import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { Webhook } from "standardwebhooks";
import { startReceiver } from "./support/receiver";
import { expect, newcomer, signIn, test } from "./support/test";

/** The path that must work for everybody on the first day. */
test("a new user's first payment, from sign-in to the signed webhook", async ({ page, context, origin }) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"], { origin });
  const clipboard = () => page.evaluate(() => navigator.clipboard.readText());
  const dialog = page.getByRole("dialog");
  const main = page.getByRole("main");
  const navigate = (name: string) =>
    page.getByRole("navigation", { name: "Main" }).getByRole("link", { name, exact: true }).click();
  const receiver = await startReceiver();
  try {
    await test.step("sign in", async () => {
      await signIn(page, newcomer);
      await expect(page.getByRole("heading", { level: 1 })).toHaveText("Create your first application");
    });

    await test.step("create an application", async () => {
      await page.getByLabel("Name").fill("First shop");
      await page.getByRole("button", { name: "Create application" }).click();
      await expect(page.getByText("First shop is ready for test payments", { exact: true })).toBeVisible();
      await expect(page).toHaveURL(/\/apps\/[0-9a-f-]+\/test$/);
      await expect(page.getByText("1 of 5 done")).toBeVisible();
    });

    await test.step("it is ready for test mode: stripe and kiotapay are there, simulated", async () => {
      await navigate("Providers");
      for (const provider of ["Stripe", "KiotaPay"]) {
        const controls = main.getByRole("form", {
          name: new RegExp(`Simulator controls of ${provider}`, "i"),
        });
        await expect(controls).toBeVisible();
      }
      await expect(main.getByText("Played by the simulator", { exact: true })).toHaveCount(2);
      await expect(main.getByText("Active", { exact: true })).toHaveCount(2);
    });

    const signingSecret = await test.step("register a webhook endpoint", async () => {
      await navigate("Webhooks");
      await main.getByRole("link", { name: "Add endpoint" }).first().click();
      await dialog.getByLabel("URL").fill(receiver.url);
      await dialog.getByRole("button", { name: "Add endpoint" }).click();
      await expect(dialog.getByText("nobody can show it again")).toBeVisible();
      const secret = await dialog.getByText(/^whsec_/).innerText();

      await expect(dialog.getByRole("button", { name: "Done" })).toBeDisabled();
      await page.keyboard.press("Escape");
      await expect(dialog).toBeVisible();
      await dialog.getByLabel("I have stored it").check();
      await dialog.getByRole("button", { name: "Done" }).click();
      await expect(dialog).toBeHidden();
      await expect(main.getByText(receiver.url)).toBeVisible();
      await page.reload();
      await expect(main.getByText(receiver.url)).toBeVisible();
      expect(await page.content()).not.toContain(secret);
      return secret;
    });

    const command = await test.step("create a key: shown once, copied, with a command", async () => {
      await navigate("API keys");
      await main.getByRole("link", { name: "Create key" }).click();
      await dialog.getByLabel("Description").fill("Staging server");
      await dialog.getByRole("button", { name: "Create key" }).click();
      const key = await dialog.getByText(/^ks_test_\w+$/).innerText();

      await dialog.getByRole("button", { name: "Copy", exact: true }).click();
      await expect(dialog.getByRole("status").filter({ hasText: "Copied" })).toHaveCount(1);
      expect(await clipboard()).toBe(key);

      const shown = await dialog.getByRole("region", { name: "curl" }).locator("pre").textContent();
      expect(shown).toContain(`Authorization: Bearer ${key}`);
      await dialog.getByRole("button", { name: "Copy curl" }).click();
      await expect.poll(clipboard).toBe(shown);

      const done = dialog.getByRole("button", { name: "Done" });
      await expect(done).toBeDisabled();
      await dialog.getByLabel("I have stored it").check();
      await expect(done).toBeEnabled();

      // A reload makes no second key and cannot show the first again.
      await page.reload();
      await dialog.getByRole("link", { name: "Cancel" }).click();
      await expect(main.getByRole("row")).toHaveCount(2);
      await expect(main.getByText("Staging server")).toBeVisible();
      expect(await page.content()).not.toContain(key);
      await expect(main.getByText("Not used yet")).toBeVisible();
      return shown ?? "";
    });

    const session = await test.step("run the command, unchanged, in a shell", async () => {
      const { stdout } = await promisify(execFile)("bash", ["-c", command]);
      const answer: { sessionId: string; status: string; checkoutUrl: string } = JSON.parse(stdout);
      expect(answer.status).toBe("PENDING");
      expect(new URL(answer.checkoutUrl).origin).toBe(origin);
      return answer;
    });

    await test.step("pay as the customer: hosted page, provider's page, success page", async () => {
      await page.goto(session.checkoutUrl);
      await expect(page.getByText("140.76").first()).toBeVisible();
      await page.getByRole("button", { name: "Continue" }).click();
      await expect(page).toHaveURL(/\/simulator\/(stripe|kiotapay)\//);
      await page.getByLabel("Card number").fill("4242 4242 4242 4242");
      await page.getByLabel("Expiry").fill("12/34");
      await page.getByLabel("Security code").fill("123");
      await page.getByRole("button", { name: /^Pay/ }).click();
      await page.waitForURL("**/demo-shop/success*");
      await expect(page.getByRole("heading", { level: 1 })).toHaveText("Thank you for your order");
    });

    await test.step("the session is Succeeded in the list", async () => {
      await page.goto("/");
      await navigate("Sessions");
      const row = main.getByRole("row").filter({ hasText: "ORD-2024-001" });
      await expect(row).toHaveCount(1);
      await expect(row.getByText("Succeeded")).toBeVisible();
      await expect(row.getByText("140.76")).toBeVisible();
      await row.getByRole("link").click();
      await expect(page).toHaveURL(new RegExp(session.sessionId));
    });

    await test.step("its timeline tells the whole story in order", async () => {
      await expect(main.getByRole("heading", { level: 1 })).toContainText("Succeeded");
      const timeline = main.getByRole("region", { name: "Timeline" });
      const entries = timeline.getByRole("heading", { level: 3 });
      // The delivery ends a moment after the payment.
      await expect(async () => {
        await page.reload();
        await expect(entries.filter({ hasText: "session.completed" })).toContainText("Delivered", {
          timeout: 500,
        });
      }).toPass();
      const titles = await entries.allInnerTexts();
      const story = [
        /^Request\s+POST \/api\/v1\/sessions/,
        /^Routing chose (stripe|kiotapay)/,
        /^Attempt 1, (stripe|kiotapay)/,
        /^Customer opened the checkout/,
        /^Customer went on to (stripe|kiotapay)/,
        /^Provider event/,
        /^Status\s(?:.|\s)*Succeeded/,
        /^Webhook\s+session\.completed\s+Delivered/,
      ];
      const places = story.map((pattern) => titles.findIndex((title) => pattern.test(title)));
      expect(places, titles.join("\n")).not.toContain(-1);
      expect(places, titles.join("\n")).toEqual([...places].sort((a, b) => a - b));
      expect(
        titles.some((title) => /^Customer came back from/.test(title)),
        titles.join("\n"),
      ).toBe(true);
    });

    await test.step("the endpoint got exactly one session.completed, correctly signed", async () => {
      const completed = receiver.received.filter(({ body }) => JSON.parse(body).type === "session.completed");
      expect(completed).toHaveLength(1);
      const [{ headers, body }] = completed as [(typeof completed)[0]];
      const event = new Webhook(signingSecret).verify(body, headers) as {
        id: string;
        data: { session: { id: string; status: string } };
      };
      expect(event.id).toBe(headers["webhook-id"]);
      expect(event.data.session).toMatchObject({ id: session.sessionId, status: "SUCCEEDED" });
    });
  } finally {
    receiver.close();
  }
});
