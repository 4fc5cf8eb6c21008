import { describe, expect, it } from "vitest";
import { periodOf } from "~/features/analytics/period";

const now = new Date("2026-11-21T10:20:00Z");
const days = (timeZone: string) =>
  periodOf({ from: "2026-11-10", to: "2026-11-20" }, timeZone, now).bars.map(({ label }) => label);

describe("a chart's days", () => {
  const named = ["10 Nov", "11 Nov", "12 Nov", "13 Nov", "14 Nov", "15 Nov"];

  it.each([
    "UTC",
    "Europe/Paris",
    "America/Los_Angeles",
    "Asia/Kolkata",
    "Asia/Kathmandu",
    "America/St_Johns",
  ])("have the names that they have in %s, also where its midnight is no whole hour of UTC", (timeZone) => {
    expect(days(timeZone).slice(0, 6)).toEqual(named);
    const { bars } = periodOf({ from: "2026-11-10", to: "2026-11-20" }, timeZone, now);
    expect(bars[1]?.title).toBe("Wed 11 Nov 2026");
  });

  it("have four quarters, each under its own day", () => {
    const { bars } = periodOf({ from: "2026-11-10", to: "2026-11-15" }, "Asia/Kolkata", now);
    expect(bars.slice(0, 9).map(({ label }) => label)).toEqual([
      ...["Tue 10", "Tue 10", "Tue 10", "Tue 10"],
      ...["Wed 11", "Wed 11", "Wed 11", "Wed 11", "Thu 12"],
    ]);
  });
});
