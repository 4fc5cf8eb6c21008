import { afterAll, expect, it, vi } from "vitest";

// Counted, because it is what takes the time: no clock is asked. What files before this one loaded has the real one.
const { verify } = vi.hoisted(() => {
  vi.resetModules();
  return { verify: vi.fn<(hash: string, password: string) => Promise<boolean>>() };
});
vi.mock("@node-rs/argon2", async (original) => {
  const real = await original<typeof import("@node-rs/argon2")>();
  verify.mockImplementation((hash, password) => real.verify(hash, password));
  return { ...real, verify };
});

import { hashPassword, verifyPassword } from "~/domain/users/password.server";

// And the files after it.
afterAll(() => vi.resetModules());

it("a password that nobody has is checked against a hash of the same costs", async () => {
  const hash = await hashPassword("seventeen green bicycles");
  expect(await verifyPassword(hash, "wrong")).toBe(false);
  expect(await verifyPassword(null, "wrong")).toBe(false);
  expect(await verifyPassword(hash, "seventeen green bicycles")).toBe(true);
  const costs = verify.mock.calls.map(([checked]) => checked.split("$").slice(1, 4).join(" "));
  expect(costs).toEqual(Array(3).fill("argon2id v=19 m=19456,t=2,p=1"));
});
