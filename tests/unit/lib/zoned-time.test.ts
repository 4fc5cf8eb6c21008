import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { addDays, dayOf, isoIn, startOfDay, zoneName } from "~/lib/zoned-time";

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

describe("isoIn", () => {
  it.each([
    ["2026-10-03T15:59:59.999Z", "Australia/Melbourne", "2026-10-04T01:59:59.999+10:00"],
    ["2026-10-03T16:00:00.000Z", "Australia/Melbourne", "2026-10-04T03:00:00.000+11:00"],
    ["2026-03-08T06:59:59.000Z", "America/New_York", "2026-03-08T01:59:59.000-05:00"],
    ["2026-03-08T07:00:00.000Z", "America/New_York", "2026-03-08T03:00:00.000-04:00"],
    ["2026-04-04T14:59:59.000Z", "Australia/Lord_Howe", "2026-04-05T01:59:59.000+11:00"],
    ["2026-04-04T15:00:00.000Z", "Australia/Lord_Howe", "2026-04-05T01:30:00.000+10:30"],
    ["2026-07-01T12:00:00.000Z", "Asia/Kathmandu", "2026-07-01T17:45:00.000+05:45"],
    ["2026-07-01T12:00:00.000Z", "UTC", "2026-07-01T12:00:00.000Z"],
  ])("%s in %s is %s, the same moment", (at, zone, text) => {
    expect(isoIn(new Date(at), zone)).toBe(text);
    expect(new Date(text).toISOString()).toBe(at);
  });
});
