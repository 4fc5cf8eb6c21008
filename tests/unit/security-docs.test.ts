import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { isWellFormedApiKey, newApiKey } from "~/domain/api-keys/api-key-format.server";
import { newSigningSecret } from "~/domain/webhooks/create-webhook-endpoint.server";
import { personalTables } from "~/lib/personal-data";

const text = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), "utf8");

describe("docs/privacy.md", () => {
  it("lists what the code lists", () => {
    const rows = [...text("docs/privacy.md").matchAll(/^\| `(\w+\.\w+)` \| (.+?) \| .+ \|$/gm)];
    const listed = rows.map(([, name, holds]) => `${name}: ${holds}`).sort();
    const known = personalTables.flatMap(({ table, columns }) =>
      columns.map(({ column, holds }) => `${table}.${column}: ${holds}`),
    );
    expect(listed).toEqual(known.sort());
  });
});

describe("SECURITY.md", () => {
  it("has patterns that find the secrets as they are made", () => {
    const [key, secret] = [...text("SECURITY.md").matchAll(/^regex = '''(.+)'''$/gm)].map(
      ([, pattern = ""]) => new RegExp(pattern),
    );
    for (const mode of ["test", "live"] as const) {
      const made = newApiKey(mode);
      expect(isWellFormedApiKey(made)).toBe(true);
      expect(key?.exec(`KEY="${made}"`)?.[0]).toBe(made);
    }
    const { secret: signing } = newSigningSecret();
    expect(secret?.exec(`secret: ${signing}\n`)?.[0]).toBe(signing);
  });
});
