import { describe, expect, it } from "vitest";
import { createLoginThrottle } from "~/domain/users/login-throttle.server";
import { isAppError } from "~/lib/errors";

describe("the sign-in throttle (api.md §8)", () => {
  it("counts down five failures of an account, whatever the address, then pauses 15 minutes", async () => {
    const throttle = createLoginThrottle();
    const left: number[] = [];
    for (let i = 0; i < 5; i++) left.push(await (await throttle.begin("a@x.test", `192.0.2.${i}`)).failed());
    expect(left).toEqual([4, 3, 2, 1, 0]);
    const error = await throttle.begin("a@x.test", "192.0.2.9").catch((error: unknown) => error);
    if (!isAppError(error, "TOO_MANY_REQUESTS")) throw new Error("expected TOO_MANY_REQUESTS");
    expect(Number(error.headers["retry-after"])).toBeGreaterThan(890);
    expect(Number(error.headers["retry-after"])).toBeLessThanOrEqual(900);
    expect(error.publicMessage).toBe("Too many failed sign-ins. Try again in 15 minutes");
    await expect(throttle.begin("b@x.test", "192.0.2.9")).resolves.toBeDefined();
  });

  it("gives many at once no more tries than one after the other", async () => {
    const throttle = createLoginThrottle();
    const begun = await Promise.allSettled(
      Array.from({ length: 40 }, (_, i) => throttle.begin("a@x.test", `198.51.100.${i}`)),
    );
    expect(begun.filter(({ status }) => status === "fulfilled")).toHaveLength(5);
  });

  it("does not count a try whose password nobody could check", async () => {
    const throttle = createLoginThrottle();
    for (let i = 0; i < 30; i++) await (await throttle.begin("a@x.test", "192.0.2.1")).undone();
    expect(await (await throttle.begin("a@x.test", "192.0.2.1")).failed()).toBe(4);
  });

  it("forgets an account's failures when it signs in", async () => {
    const throttle = createLoginThrottle();
    for (let i = 0; i < 4; i++) await (await throttle.begin("a@x.test", "192.0.2.1")).failed();
    await (await throttle.begin("a@x.test", "192.0.2.1")).succeeded();
    expect(await (await throttle.begin("a@x.test", "192.0.2.1")).failed()).toBe(4);
  });

  it("allows an address 20 failures, and does not count its successes", async () => {
    const throttle = createLoginThrottle();
    for (let i = 0; i < 30; i++) await (await throttle.begin("ok@x.test", "192.0.2.1")).succeeded();
    for (let i = 0; i < 20; i++) await (await throttle.begin(`u${i}@x.test`, "192.0.2.1")).failed();
    await expect(throttle.begin("new@x.test", "192.0.2.1")).rejects.toMatchObject({
      code: "TOO_MANY_REQUESTS",
    });
    await expect(throttle.begin("new@x.test", "192.0.2.2")).resolves.toBeDefined();
  });

  it("counts an IPv6 /64 as one address, and a mapped IPv4 address as itself", async () => {
    const throttle = createLoginThrottle();
    const fail = async (email: string, ip: string) => (await throttle.begin(email, ip)).failed();
    for (let i = 0; i < 20; i++) await fail(`u${i}@x.test`, `2001:db8:0:1::${i.toString(16)}`);
    await expect(fail("z@x.test", "2001:0DB8:0:1:ffff:0:0:1")).rejects.toMatchObject({
      code: "TOO_MANY_REQUESTS",
    });
    await expect(fail("z@x.test", "2001:db8:0:2::1")).resolves.toBe(4);
    for (let i = 0; i < 20; i++) await fail(`v${i}@x.test`, "203.0.113.7");
    await expect(fail("y@x.test", "::ffff:203.0.113.7")).rejects.toMatchObject({ code: "TOO_MANY_REQUESTS" });
  });
});
