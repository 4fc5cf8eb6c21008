import { describe, expect, it } from "vitest";
import type { PaymentSession } from "~/db/generated/client";
import { csvCell, exportFileName, exportText } from "~/features/sessions/session-export";

const session = {
  id: "01936e2f-8b21-7f4e-a6d5-3c2b1a0f9e8d",
  status: "EXPIRED",
  amountTotal: 140760n,
  amountShipping: null,
  amountTax: 0n,
  currency: "KWD",
  orderReference: '=HYPERLINK("https://evil.example";"ORD")',
  customerEmail: "jane@example.com",
  paymentMethod: "card",
  cardBrand: null,
  cardLast4: null,
  providerName: "stripe",
  score: 92.456,
  failureReason: null,
  createdAt: new Date("2026-07-01T12:00:00.118Z"),
  updatedAt: new Date("2026-01-01T12:00:00Z"),
  expiresAt: new Date("2026-07-01T13:00:00Z"),
  checkoutReference: "chk_1",
  providerReference: null,
  mode: "test",
  applicationId: "01936e2c-7d3a-7b54-9f0e-5a1c2b3d4e5f",
} as unknown as PaymentSession;

async function* batches(...sizes: number[]): AsyncGenerator<PaymentSession[]> {
  for (const size of sizes) yield Array.from({ length: size }, () => session);
}
async function text(format: "csv" | "json", ...sizes: number[]): Promise<string> {
  let all = "";
  for await (const piece of exportText(batches(...sizes), { format, timeZone: "Australia/Melbourne" }))
    all += piece;
  return all;
}

describe("a cell of a CSV export", () => {
  it.each(["=1+1", "+61", "-1", "@SUM(A1)", "\tx", "\rx"])("keeps %j from being a formula", (value) => {
    expect(csvCell(value).replace(/^"/, "")).toMatch(/^'/);
  });

  it.each([
    ["plain", "plain"],
    ["a,b", '"a,b"'],
    ['say "hi"', '"say ""hi"""'],
    ["two\nlines", '"two\nlines"'],
    ["a=b", "a=b"],
    [null, ""],
  ])("writes %j as %j", (value, cell) => expect(csvCell(value)).toBe(cell));
});

describe("an export", () => {
  it("is CSV with one line a session, exact amounts, and times in the zone with their offset", async () => {
    const [head, line, ...rest] = (await text("csv", 1)).split("\r\n");
    expect(rest).toEqual([""]);
    expect(head?.split(",").slice(0, 7)).toEqual([
      "id",
      "status",
      "amount",
      "shipping",
      "tax",
      "currency",
      "orderReference",
    ]);
    expect(line).toContain('EXPIRED,140.760,,0.000,KWD,"\'=HYPERLINK(""https://evil.example"";""ORD"")",');
    expect(line).toContain(
      ",stripe,92.5,expired,2026-07-01T22:00:00.118+10:00,2026-01-01T23:00:00.000+11:00,",
    );
  });

  it("is the same in JSON, whatever the batches", async () => {
    const rows = JSON.parse(await text("json", 2, 1));
    expect(rows).toHaveLength(3);
    expect(rows[2]).toMatchObject({
      amount: "140.760",
      orderReference: session.orderReference,
      failureReason: "expired",
      createdAt: "2026-07-01T22:00:00.118+10:00",
      cardLast4: null,
    });
  });

  it("is a whole file when nothing matches", async () => {
    expect(JSON.parse(await text("json"))).toEqual([]);
    expect((await text("csv")).split("\r\n")).toHaveLength(2);
  });

  it("is named in plain ASCII", () => {
    const scope = { mode: "live", day: "2026-11-22" };
    expect(exportFileName({ applicationName: "Café “Été” / 1", ...scope }, "csv")).toBe(
      "sessions-cafe-ete-1-live-2026-11-22.csv",
    );
    expect(exportFileName({ applicationName: "日本", ...scope }, "json")).toBe(
      "sessions-live-2026-11-22.json",
    );
  });
});
