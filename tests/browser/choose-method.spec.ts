import { expect, owner, test } from "./support/test";

const body = (origin: string) => ({
  amount: 1500,
  currency: "KES",
  description: "Payment for order #12345",
  successUrl: `${origin}/demo-shop/success`,
  cancelUrl: `${origin}/demo-shop/failure`,
  paymentMethods: ["CARD", "MPESA_STK"],
  externalReference: "ORD-12345",
  customerPhone: "+254712345678",
});

for (const javaScriptEnabled of [true, false]) {
  test.describe(javaScriptEnabled ? "with JavaScript" : "without JavaScript", () => {
    test.use({ javaScriptEnabled });

    test("a customer chooses M-Pesa, and is told when it is not possible", async ({ page, api, origin }) => {
      const { id, key } = await api.createApplication(`Methods ${javaScriptEnabled} ${Date.now()}`);
      const connections = (await api.call("GET", `/applications/${id}/providers`)).body.items;
      const kiotapay = connections.find(({ provider }: { provider: string }) => provider === "kiotapay").id;
      const setOutage = (outage: string) =>
        api.call("PATCH", `/applications/${id}/providers/${kiotapay}`, { simulatorSettings: { outage } });
      const { status, body: session } = await api.call("POST", "/checkout-sessions", body(origin), key);
      expect(status).toBe(201);

      await test.step("both are offered, in the customer's language", async () => {
        await page.goto(`${session.checkoutUrl}?lang=sw`);
        await expect(page.getByRole("radio", { name: /M-Pesa/ })).toBeVisible();
        await page.goto(`${session.checkoutUrl}?lang=en`);
        await expect(page.getByRole("radio", { name: /Card/ })).toBeChecked();
        await expect(page.getByText("Payment for order #12345")).toBeVisible();
      });

      await test.step("no provider takes it: nothing is lost, and another can be chosen", async () => {
        await setOutage("refuse");
        await page.getByRole("radio", { name: /M-Pesa/ }).check();
        await page.getByRole("button", { name: "Continue" }).click();
        await expect(page.getByRole("alert")).toContainText("M-Pesa is not possible right now");
        await expect(page.getByRole("radio", { name: /Card/ })).toBeChecked();
        await setOutage("none");
      });

      await test.step("it is back: chosen again, and paid", async () => {
        await page.getByRole("radio", { name: /M-Pesa/ }).check();
        await page.getByRole("button", { name: "Continue" }).click();
        await expect(page).toHaveURL(/\/simulator\/kiotapay\//);
        await page.getByLabel("M-Pesa phone number").fill("+254 700 000 000");
        await page.getByRole("button", { name: /^Send the prompt/ }).click();
        await expect(page).toHaveURL(/\/demo-shop\/success/);
        expect(await api.sessionStatus(key, session.id)).toBe("SUCCEEDED");
      });
    });
  });
}

test("a second window cannot make a second checkout", async ({ page, context, api, origin }) => {
  const { key } = await api.createApplication(`Two windows ${Date.now()}`);
  const { body: session } = await api.call("POST", "/checkout-sessions", body(origin), key);
  const second = await context.newPage();
  for (const window of [page, second]) await window.goto(session.checkoutUrl);
  await page.getByRole("button", { name: "Continue" }).click();
  await expect(page).toHaveURL(/\/simulator\//);
  await second.getByRole("radio", { name: /M-Pesa/ }).check();
  await second.getByRole("button", { name: "Continue" }).click();
  await expect(second.getByRole("alert")).toContainText("A payment with Card was started in another window");
  await expect(second.getByRole("radio")).toHaveCount(1);
  await second.getByRole("button", { name: "Continue" }).click();
  await expect(second).toHaveURL(page.url());
});

test("the timeline tells of the choice; the callback secret is shown once", async ({
  page,
  api,
  origin,
  states,
  context,
}) => {
  await context.addCookies(states[owner]!.cookies);
  const { id, key } = await api.createApplication(`Callbacks ${Date.now()}`);
  const { body: session } = await api.call("POST", "/checkout-sessions", body(origin), key);
  await page.goto(session.checkoutUrl);
  await page.getByRole("button", { name: "Continue" }).click();
  await expect(page).toHaveURL(/\/simulator\//);

  await page.goto(`/apps/${id}/test/sessions/${session.id}`);
  const titles = await page
    .getByRole("region", { name: "Timeline" })
    .getByRole("heading", { level: 3 })
    .allInnerTexts();
  const story = [
    /^Request\s+POST \/api\/v1\/checkout-sessions/,
    /^Customer opened the checkout/,
    /^Customer chose a payment method/,
    /^Routing chose/,
    /^Attempt 1/,
    /^Customer went on to/,
  ];
  const places = story.map((pattern) => titles.findIndex((title) => pattern.test(title)));
  expect(places, titles.join("\n")).not.toContain(-1);
  expect(places, titles.join("\n")).toEqual([...places].sort((a, b) => a - b));

  await page.goto(`/applications/${id}`);
  await page.getByRole("link", { name: "Make secret" }).click();
  const dialog = page.getByRole("alertdialog");
  await dialog.getByRole("button", { name: "Make secret" }).click();
  const shown = page.getByRole("dialog");
  const secret = await shown.getByText(/^whsec_/).innerText();
  await shown.getByLabel("I have stored it").check();
  await shown.getByRole("button", { name: "Done" }).click();
  await expect(page.getByText(`whsec_...${secret.slice(-5, -1)}`)).toBeVisible();
  await page.reload();
  expect(await page.content()).not.toContain(secret);
  await expect(page.getByRole("link", { name: "Roll secret" })).toBeVisible();
});
