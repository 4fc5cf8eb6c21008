import { describe, expect, it } from "vitest";
import { readSessionsQuery, sessionsPageQuerySchema } from "~/contracts/sessions-list";
import { filtersOf } from "~/features/sessions/sessions-filters";

// 1 October in Melbourne already, and the last hours before its clocks go forward on the 4th.
const now = new Date("2026-09-30T20:00:00Z");
const created = (query: Record<string, string>, zone = "Australia/Melbourne") => {
  const { createdFrom, createdTo } = filtersOf(sessionsPageQuerySchema.parse(query), zone, now);
  return [createdFrom?.toISOString(), createdTo?.toISOString()];
};

describe("when sessions were created", () => {
  it.each([
    ["today", "2026-09-30T14:00:00.000Z", "2026-10-01T14:00:00.000Z"],
    ["yesterday", "2026-09-29T14:00:00.000Z", "2026-09-30T14:00:00.000Z"],
    ["month", "2026-09-30T14:00:00.000Z", "2026-10-01T14:00:00.000Z"],
    ["last-month", "2026-08-31T14:00:00.000Z", "2026-09-30T14:00:00.000Z"],
    ["24h", "2026-09-29T20:00:00.000Z", undefined],
  ])("%s is counted in the zone", (range, from, to) => expect(created({ range })).toEqual([from, to]));

  it("counts the same days elsewhere in another zone", () => {
    expect(created({ range: "today" }, "UTC")).toEqual([
      "2026-09-30T00:00:00.000Z",
      "2026-10-01T00:00:00.000Z",
    ]);
    expect(created({ range: "last-month" }, "America/New_York")).toEqual([
      "2026-08-01T04:00:00.000Z",
      "2026-09-01T04:00:00.000Z",
    ]);
  });

  it("takes days over a preset, both included, over the change of clocks", () => {
    expect(created({ range: "today", from: "2026-10-04", to: "2026-10-04" })).toEqual([
      "2026-10-03T14:00:00.000Z",
      "2026-10-04T13:00:00.000Z",
    ]);
    expect(created({ range: "today", to: "2026-10-04" })).toEqual([undefined, "2026-10-04T13:00:00.000Z"]);
  });

  it("knows no zone that is none", () => {
    expect(sessionsPageQuerySchema.parse({ zone: "Mars/Olympus" }).zone).toBeUndefined();
    expect(sessionsPageQuerySchema.parse({ zone: "Europe/Paris" }).zone).toBe("Europe/Paris");
  });
});

describe("filters in the address", () => {
  const filters = (search: string) =>
    filtersOf(readSessionsQuery(new URLSearchParams(search)).query, "UTC", new Date("2026-07-01T12:00:00Z"));

  it.each<[string, object]>([
    ["status=FAILED&status=EXPIRED", { status: ["FAILED", "EXPIRED"] }],
    [
      "status=FAILED&status.op=not",
      { status: ["PENDING", "REQUIRES_ACTION", "PROCESSING", "SUCCEEDED", "EXPIRED"] },
    ],
    ["provider=stripe", { provider: "stripe" }],
    ["provider=stripe&provider=adyen", { provider: { any: ["stripe", "adyen"] } }],
    ["method=card&method.op=not", { paymentMethod: { not: ["card"] } }],
    ["reason=card_declined&reason.op=not", { failureReason: { not: ["card_declined"] } }],
    ["customer=jane@a.example&customer.op=is", { customerEmail: "jane@a.example" }],
    ["order=ORD&order.op=contains", { orderReference: { contains: "ORD" } }],
    ["amount=10", { amount: { min: "10" } }],
    ["amount=10.5&amount.op=lte", { amount: { max: "10.5" } }],
    ["amount=10&amount.op=is&amount.to=20", { amount: { min: "10", max: "10" } }],
    ["amount=10&amount.op=between&amount.to=20", { amount: { min: "10", max: "20" } }],
    ["amount=10&amount.op=between", { amount: { min: "10" } }],
    ["score=90&score.op=gte&status=&amount=", { score: { min: "90" } }],
    ["updated=2026-06-30", { updatedFrom: new Date("2026-06-30T00:00:00Z") }],
    ["updated=2026-06-30&updated.op=lte", { updatedTo: new Date("2026-07-01T00:00:00Z") }],
    [
      "updated=2026-06-29&updated.op=between&updated.to=2026-06-30",
      { updatedFrom: new Date("2026-06-29T00:00:00Z"), updatedTo: new Date("2026-07-01T00:00:00Z") },
    ],
  ])("%s", (search, expected) => {
    expect(filters(search)).toEqual(expected);
  });

  it("that cannot be read are named, and no filter", () => {
    const search = new URLSearchParams(
      "amount=lots&updated=yesterday&status=FAILED&status=NONE&order.op=like&other=x&currency=AUD",
    );
    const { query, unread } = readSessionsQuery(search);
    expect(unread.map(([name]) => name)).toEqual(["amount", "updated", "status", "status", "order.op"]);
    expect(query).toMatchObject({ currency: ["AUD"], page: 1 });
  });
});
