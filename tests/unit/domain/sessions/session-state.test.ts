import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { sessionStatuses } from "~/contracts/words";
import { isFinal, nextStatus } from "~/domain/sessions/session-state";

const status = fc.constantFrom(...sessionStatuses);

describe("nextStatus", () => {
  it("keeps a final state against any order of news, except that a confirmed success wins", () => {
    fc.assert(
      fc.property(fc.array(status, { maxLength: 30 }), (news) => {
        let current: (typeof sessionStatuses)[number] = "PENDING";
        for (const item of news) {
          const next = nextStatus(current, item);
          if (isFinal(current))
            expect(next).toBe(current !== "SUCCEEDED" && item === "SUCCEEDED" ? "SUCCEEDED" : null);
          current = next ?? current;
        }
        if (news.includes("SUCCEEDED")) expect(current).toBe("SUCCEEDED");
      }),
      { seed: 20261121, numRuns: 500 },
    );
  });

  it("never goes back to an earlier open state", () => {
    expect(nextStatus("PROCESSING", "REQUIRES_ACTION")).toBeNull();
    expect(nextStatus("PROCESSING", "PENDING")).toBeNull();
    expect(nextStatus("PENDING", "PROCESSING")).toBe("PROCESSING");
  });
});
