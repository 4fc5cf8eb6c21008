import { describe, expect, it } from "vitest";
import { buildTimeline, type TimelineRows } from "~/features/sessions/timeline";
import { durationWords, ordinal, userAgentWords } from "~/features/sessions/words";

const START = Date.UTC(2026, 10, 21, 3, 12, 2, 118);
const at = (ms: number) => new Date(START + ms);

/** Only what the timeline reads; the rest of each row says nothing here. */
function rowsOf(parts: { [Name in keyof TimelineRows]?: unknown }): TimelineRows {
  return {
    session: { createdAt: at(0), status: "FAILED", currency: "AUD", providerName: "kiotapay" },
    activities: [],
    decisions: [],
    attempts: [],
    inboundEvents: [],
    webhookEvents: [],
    apiKeyDescription: "Staging server",
    ...parts,
  } as TimelineRows;
}

const activity = (id: string, type: string, ms: number, data: object) => ({
  id,
  type,
  occurredAt: at(ms),
  data,
});
const attempt = (number: number, status: string, ms: number, more: object = {}) => ({
  id: `attempt-${number}`,
  number,
  provider: number === 1 ? "stripe" : "kiotapay",
  connectionId: `connection-${number}`,
  status,
  startedAt: at(ms),
  latencyMs: 4000,
  httpStatus: null,
  refusalReason: null,
  request: null,
  response: null,
  ...more,
});

describe("buildTimeline", () => {
  it("tells a second choice of method apart from the first: its own decision and attempts", () => {
    const candidate = (number: number) => ({
      connectionId: `0190a000-0000-7000-8000-00000000000${number}`,
      provider: number === 1 ? "stripe" : "kiotapay",
      rank: number,
      excluded: null,
      score: 90,
      factors: null,
      ...{
        alpha: 1,
        beta: 1,
        z: 0,
        theta: 0.5,
        utility: 1,
        feeShare: 0,
        sampleSize: 0,
        newestOutcomeAgeS: null,
      },
    });
    const decision = (id: string, method: string, ms: number) => ({
      id,
      createdAt: at(ms),
      segment: `${method}:KES`,
      receipt: {
        segment: `${method}:KES`,
        configVersion: 0,
        weights: { margin: 1, cost: 1, speed: 1 },
        seed: "seed",
        candidates: [candidate(1), candidate(2)],
        explored: false,
      },
    });
    const connectionId = candidate(1).connectionId;
    const items = buildTimeline(
      rowsOf({
        activities: [
          activity("a", "method_chosen", 100, { paymentMethod: "mpesa_stk" }),
          activity("b", "method_chosen", 900, { paymentMethod: "card" }),
        ],
        decisions: [decision("d1", "mpesa_stk", 100), decision("d2", "card", 900)],
        attempts: [
          attempt(1, "REFUSED", 100, { connectionId }),
          attempt(2, "ACCEPTED", 900, { connectionId }),
        ],
      }),
    );
    expect(items.map(({ id }) => id)).toEqual(["a", "d1", "attempt-1", "b", "d2", "attempt-2"]);
    expect(items[2]?.lines[0]).toContain("No further provider was tried.");
    for (const place of [1, 4]) {
      const { evidence } = items[place]!;
      const results = evidence?.kind === "candidates" ? evidence.rows.map(({ result }) => result.text) : [];
      expect(results).toEqual(["Tried first", "Next in line"]);
    }
  });

  it("tells a failed session oldest first, causes before what followed in the same millisecond", () => {
    const items = buildTimeline(
      rowsOf({
        activities: [
          activity("s", "status_changed", 83_000, {
            from: "PROCESSING",
            to: "FAILED",
            reason: "insufficient_funds",
          }),
          activity("p", "provider_event", 83_000, { inboundEventId: "in", type: "payment.failed" }),
          activity("r", "request", 0, {
            method: "POST",
            path: "/api/v1/sessions",
            status: 201,
            durationMs: 4710,
            apiKeyPrefix: "ks_test_9fQ2",
          }),
        ],
        attempts: [
          attempt(1, "TIMED_OUT", 6),
          attempt(2, "ACCEPTED", 4012, { httpStatus: 201, latencyMs: 638 }),
        ],
        inboundEvents: [
          {
            id: "in",
            receivedAt: at(83_000),
            type: "payment.failed",
            provider: "kiotapay",
            isVerified: false,
            outcome: "applied",
            error: null,
            payload: {},
            providerEventId: "evt_1",
          },
        ],
      }),
    );
    expect(items.map((item) => [item.id, item.offset])).toEqual([
      ["r", "0 ms"],
      ["attempt-1", "+6 ms"],
      ["attempt-2", "+4.01 s"],
      ["in", "+1 min 23 s"],
      ["s", "+1 min 23 s"],
    ]);
    expect(items[0]?.lines).toEqual(["201 in 4.71 s, with key ks_test_9fQ2 “Staging server”."]);
    expect(items[1]?.lines[0]).toContain("Went on to the next provider.");
    expect(items[2]?.badge).toEqual({ tone: "success", text: "201 in 638 ms" });
    expect(items[3]?.lines[0]).toContain("taken as a hint");
    expect(items[4]?.lines).toEqual([
      "Final: insufficient funds. Not counted against kiotapay’s success rate: the reason is the customer’s own.",
    ]);
  });

  it("says what became of each webhook", () => {
    const delivery = (status: string, answers: (number | null)[]) => ({
      status,
      url: "https://shop.example/hooks",
      endpointId: "endpoint",
      nextAttemptAt: null,
      attempts: answers.map((responseStatus, index) => ({
        number: index + 1,
        startedAt: at(index),
        responseStatus,
        error: "timed out",
        durationMs: 5,
      })),
    });
    const badgeOf = (deliveries: object[]) =>
      buildTimeline(
        rowsOf({ webhookEvents: [{ id: "e", type: "session.failed", createdAt: at(1), deliveries }] }),
      )[0]?.badge?.text;
    expect(badgeOf([])).toBe("Not sent");
    expect(badgeOf([delivery("PENDING", [])])).toBe("Waiting to be sent");
    expect(badgeOf([delivery("PENDING", [500])])).toBe("Retrying, 1 failed");
    expect(badgeOf([delivery("DELIVERED", [500, 200])])).toBe("Delivered on the 2nd try");
    expect(badgeOf([delivery("FAILED", [null, 500])])).toBe("Given up after 2 tries");
    expect(badgeOf([delivery("DELIVERED", [200]), delivery("PENDING", [500])])).toBe(
      "Delivered to 1 of 2 endpoints",
    );
  });

  it("survives a receipt that it cannot read", () => {
    const [item] = buildTimeline(
      rowsOf({ decisions: [{ id: "d", createdAt: at(0), segment: "card:AUD", receipt: { old: true } }] }),
    );
    expect(item?.lines).toEqual(["The receipt of this decision cannot be read."]);
  });
});

describe("words", () => {
  it.each([
    [0, "0 ms"],
    [638, "638 ms"],
    [4_712, "4.71 s"],
    [9_996, "10.00 s"],
    [29_400, "29 s"],
    [59_700, "1 min"],
    [78_000, "1 min 18 s"],
    [7_380_000, "2 h 3 min"],
    [2 * 86_400_000, "2 days"],
  ])("%d ms is %s", (ms, words) => expect(durationWords(ms)).toBe(words));

  it("counts in ordinals", () =>
    expect([1, 2, 3, 4, 11, 12, 13, 21, 102].map(ordinal)).toEqual([
      "1st",
      "2nd",
      "3rd",
      "4th",
      "11th",
      "12th",
      "13th",
      "21st",
      "102nd",
    ]));

  it("reads a browser's description", () => {
    const iphone =
      "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Mobile/15E148 Safari/604.1";
    expect(userAgentWords(iphone)).toBe("Phone, Safari on iOS");
    expect(userAgentWords("curl/8.5")).toBeNull();
  });
});
