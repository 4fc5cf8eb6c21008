import { describe, expect, it } from "vitest";
import { readAudit } from "../../scripts/lib/audit.mjs";

describe("the audit of dependencies", () => {
  it("finds what is high or critical, with its causes", () => {
    const report = {
      vulnerabilities: {
        a: { name: "a", severity: "high", via: [{ title: "Prototype pollution" }, "b"] },
        b: {
          name: "b",
          severity: "critical",
          via: [{ title: "Code execution" }, { title: "Code execution" }],
        },
        c: { name: "c", severity: "moderate", via: [{ title: "Slow" }] },
      },
    };
    expect(readAudit(JSON.stringify(report)).findings).toEqual([
      "a (high): Prototype pollution; through b",
      "b (critical): Code execution",
    ]);
    expect(readAudit(JSON.stringify({ vulnerabilities: {} })).findings).toEqual([]);
  });

  it("says so where there was none: no network, no audit at that registry, no answer at all", () => {
    expect(readAudit(JSON.stringify({ message: "405 Method Not Allowed" }))).toEqual({
      findings: null,
      reason: "405 Method Not Allowed",
    });
    const offline = { error: { summary: "getaddrinfo EAI_AGAIN" } };
    expect(readAudit(JSON.stringify(offline)).reason).toBe("getaddrinfo EAI_AGAIN");
    for (const output of ["", "<html>", "null"]) expect(readAudit(output).findings, output).toBeNull();
  });
});
