import { describe, expect, it } from "vitest";
import { AppError } from "~/lib/errors";
import { createLog } from "~/lib/logger.server";

function logged(write: (log: ReturnType<typeof createLog>) => void): string {
  let text = "";
  write(createLog("debug", { write: (line: string) => (text += line) }));
  return text;
}

describe("the log", () => {
  it.each([
    ["a member by name", { password: "hunter2" }],
    ["whatever its case", { Authorization: "hunter2" }],
    ["deep inside", { request: { headers: { cookie: "hunter2" } } }],
    ["in arrays", { keys: [{ fullKey: "hunter2" }] }],
    ["in an error's context", { err: new AppError("INTERNAL", { context: { credentials: "hunter2" } }) }],
    [
      "in an error's cause",
      { err: new Error("x", { cause: Object.assign(new Error("y"), { signingSecret: "hunter2" }) }) },
    ],
    ["in a checkout page's path", { path: "/pay/hunter2-hunter2/return" }],
    ["in a simulator page's path", { path: "/simulator/stripe/sim_hunter2hunter2" }],
    ["in a query", { path: "/signup?token=hunter2&a=1" }],
    ["in a URL", { message: "cannot reach postgresql://kadosei:hunter2@db:5432/x" }],
  ])("masks %s", (_, fields) => {
    expect(logged((log) => log.error(fields, "said"))).not.toContain("hunter2");
  });

  it.each(["ks_live_abc123", "ks_test_abc123", "whsec_abc123", "Bearer abc123"])(
    "masks %s inside text",
    (secret) => {
      const text = logged((log) => log.info({ note: `got ${secret}.` }, `said ${secret}`));
      expect(text).not.toContain("abc123");
    },
  );

  it("keeps an error's type, message and stack", () => {
    const line = JSON.parse(logged((log) => log.error({ err: new TypeError("odd") }, "said")));
    expect(line).toMatchObject({ level: "error", msg: "said", err: { type: "TypeError", message: "odd" } });
    expect(line.err.stack).toContain("logger.test.ts");
  });

  it("carries a child's fields", () => {
    expect(JSON.parse(logged((log) => log.child({ requestId: "r1" }).info({ a: 1n }, "said")))).toMatchObject(
      {
        requestId: "r1",
        a: "1",
      },
    );
  });
});
