import type { Api } from "./support/api";
import { expect, owner, test } from "./support/test";

type Connection = { id: string; provider: string; fees: object[] };

async function connections(api: Api, applicationId: string): Promise<Connection[]> {
  return (await api.call("GET", `/applications/${applicationId}/providers`)).body.items;
}

const connection = async (api: Api, applicationId: string, id: string) =>
  (await connections(api, applicationId)).find((one) => one.id === id)!;

/** The simulated connection to a provider, with none of the fees that it comes with. */
async function withoutFees(api: Api, applicationId: string, provider: string): Promise<string> {
  const { id } = (await connections(api, applicationId)).find((one) => one.provider === provider)!;
  const { status } = await api.call("PATCH", `/applications/${applicationId}/providers/${id}`, { fees: [] });
  expect(status).toBe(200);
  return id;
}

test.use({ storageState: ({ states }, use) => use(states[owner]) });

test.describe("what a connection takes and costs", () => {
  test("is changed in its form; what is refused stays in it, with the reason beside it", async ({
    page,
    api,
  }) => {
    const { id } = await api.createApplication(`Terms ${Date.now()}`);
    const stripe = await withoutFees(api, id, "stripe");
    await page.goto(`/apps/${id}/test/providers`);
    await page.getByRole("link", { name: "Edit Stripe" }).click();
    const dialog = page.getByRole("dialog", { name: "Edit Stripe" });
    await dialog.getByLabel("Currencies").fill("eur, usd, jpy");
    await dialog.getByLabel("Countries").fill("DE, UK");
    await dialog.getByLabel("Priority").fill("3");
    await dialog.getByLabel("Percent", { exact: true }).fill("1.5");
    await dialog.getByLabel("Fixed amount", { exact: true }).fill("0.25");
    await dialog.getByLabel("Currency", { exact: true }).fill("eur");
    await dialog.getByRole("button", { name: "Add a currency" }).click();
    await dialog.getByLabel("Fixed amount, fee 3").fill("30");
    await dialog.getByLabel("Currency, fee 3").fill("JPY");
    await dialog.getByRole("button", { name: "Save" }).click();
    await expect(dialog.getByText("UK must be an ISO 3166-1 alpha-2 country code.")).toBeVisible();
    await expect(dialog.getByLabel("Fixed amount, fee 3")).toHaveValue("30");

    await dialog.getByLabel("Countries").fill("DE");
    await dialog.getByRole("button", { name: "Save" }).click();
    await expect(dialog).toBeHidden();
    expect(await connection(api, id, stripe)).toMatchObject({
      currencies: ["EUR", "USD", "JPY"],
      countries: ["DE"],
      priority: 3,
      fees: [
        { percent: "1.5", fixed: "0.25", currency: "EUR" },
        { percent: "0", fixed: "30", currency: "JPY" },
      ],
    });
  });
});

test.describe("without JavaScript", () => {
  test.use({ javaScriptEnabled: false });

  test("a connection is edited: fees removed, countries set, errors beside their fields", async ({
    page,
    api,
  }) => {
    const { id } = await api.createApplication(`Terms, no script ${Date.now()}`);
    const kiotapay = await withoutFees(api, id, "kiotapay");
    await page.goto(`/apps/${id}/test/providers`);
    await page.getByRole("link", { name: "Edit Kiotapay" }).click();
    await page.getByLabel("Percent", { exact: true }).fill("200");
    await page.getByLabel("Fixed amount", { exact: true }).fill("1");
    await page.getByLabel("Currency", { exact: true }).fill("KES");
    await page.getByRole("button", { name: "Save", exact: true }).click();
    await expect(page.getByLabel("Percent", { exact: true })).toHaveAccessibleDescription(
      "Percent must be at most 100.",
    );
    await expect(page.getByLabel("Fixed amount", { exact: true })).toHaveValue("1");

    await page.getByLabel("Percent", { exact: true }).fill("2");
    await page.getByRole("button", { name: "Save", exact: true }).click();
    await expect(page).toHaveURL(`/apps/${id}/test/providers`);
    expect((await connection(api, id, kiotapay)).fees).toEqual([
      { percent: "2", fixed: "1", currency: "KES" },
    ]);
  });
});
