import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { addDays, dayOf, startOfDay, zoneName } from "~/lib/zoned-time";

const ZONES = [
  "UTC",
  "Australia/Melbourne",
  "Africa/Nairobi",
  "America/Los_Angeles",
  "America/Santiago",
  "Asia/Kolkata",
  "Pacific/Kiritimati",
  "Europe/Paris",
];

describe("startOfDay", () => {
  it.each([
    ["2026-11-21", "Australia/Melbourne", "2026-11-20T13:00:00.000Z"],
    ["2026-10-04", "Australia/Melbourne", "2026-10-03T14:00:00.000Z"],
    ["2026-10-05", "Australia/Melbourne", "2026-10-04T13:00:00.000Z"],
    ["2026-11-21", "America/Los_Angeles", "2026-11-21T08:00:00.000Z"],
    // Clocks jump from 00:00 to 01:00: the day starts with the jump.
    ["2026-09-06", "America/Santiago", "2026-09-06T04:00:00.000Z"],
  ])("%s in %s is %s", (day, zone, start) => {
    expect(startOfDay(day, zone).toISOString()).toBe(start);
  });

  it("is the first moment of its day, in every zone, every day", () => {
    const days = fc.integer({ min: 0, max: 3 * 366 }).map((n) => addDays("2025-01-01", n));
    fc.assert(
      fc.property(days, fc.constantFrom(...ZONES), (day, zone) => {
        const start = startOfDay(day, zone);
        expect(dayOf(start, zone)).toBe(day);
        expect(dayOf(new Date(start.getTime() - 1), zone)).toBe(addDays(day, -1));
      }),
      { seed: 1, numRuns: 2000 },
    );
  });
});

describe("zoneName", () => {
  it("names city, abbreviation and offset", () => {
    const at = new Date("2026-11-21T00:00:00Z");
    expect(zoneName("Australia/Melbourne", at)).toBe("Melbourne (AEDT, UTC+11)");
    expect(zoneName("Asia/Kolkata", at)).toMatch(/^Kolkata \(.*UTC\+5:30\)$/);
    expect(zoneName("UTC", at)).toBe("UTC");
  });
});
