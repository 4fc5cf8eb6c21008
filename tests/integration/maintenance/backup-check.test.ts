import { spawn } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import type { Database } from "~/db/database";
import { driverOf } from "~/db/drivers.server";
import { createWebhookEndpoint } from "~/domain/webhooks/create-webhook-endpoint.server";
import { createKeyring } from "~/lib/crypto.server";
import { freshDatabase } from "../../support/database";
import { createShop } from "../../support/factories";
import { BUILD_TIMEOUT_MS, ensureBuild, freePort, temporaryDirectory } from "../../support/server-process";
import { testServices } from "../../support/services";

const APP_SECRET = "a secret of this database - 32 characters or more";
let db: Database;

beforeAll(() => ensureBuild(), BUILD_TIMEOUT_MS);

/** What `npm run backup:check` runs. */
async function backupCheck(variables: Record<string, string>): Promise<{ code: unknown; output: string }> {
  const child = spawn(
    process.execPath,
    ["--import", "tsx", "scripts/backup-check.ts", "--port", String(await freePort())],
    { env: { ...process.env, NODE_ENV: "production", ...variables }, stdio: "pipe" },
  );
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => (output += chunk));
  const code = await new Promise((resolve) => child.once("close", resolve));
  return { code, output };
}

/** The database's address with a password, which a test's server does not ask for. */
function addressOf(password: string): string {
  const driver = driverOf(db);
  if (driver.kind !== "postgres") throw new Error("Only on PostgreSQL");
  return Object.assign(new URL(driver.databaseUrl), { password }).href;
}

describe.skipIf(!process.env.DATABASE_URL)("npm run backup:check", () => {
  beforeAll(async () => {
    db = await freshDatabase();
    const services = { ...(await testServices({ db })), keyring: createKeyring([APP_SECRET]) };
    const shop = await createShop(services);
    const endpoint = { applicationId: shop.application.id, url: "https://shop.test/hooks" };
    await createWebhookEndpoint(shop.owner.actor, { ...endpoint, mode: "test" }, services);
  });

  it("restores a dump into a new database, compares it, opens it, pays there, and leaves the original alone", async () => {
    const before = await db.query("select id, name from merchants");
    const secrets = () => db.query("select * from webhook_endpoints");
    const encrypted = await secrets();
    // Before the real ones: notes how they were called.
    const folder = temporaryDirectory();
    for (const program of ["pg_dump", "pg_restore"])
      writeFileSync(
        join(folder, program),
        `#!/bin/sh\necho "$*" >>${folder}/arguments\necho "$PGPASSWORD" >>${folder}/passwords\nPATH=\${PATH#*:} exec ${program} "$@"\n`,
        { mode: 0o755 },
      );
    const { code, output } = await backupCheck({
      ...{ DATABASE_URL: addressOf("nobody/may?see@this"), APP_SECRET },
      PATH: `${folder}:${process.env.PATH}`,
    });
    expect(output).toMatch(/✓ \d+ tables with \d+ rows: counts and checksums equal/);
    expect(output).toContain("✓ APP_SECRET opens all that is encrypted");
    expect(output).toContain("✓ a server works on the copy");
    expect(code).toBe(0);
    expect(readFileSync(join(folder, "arguments"), "utf8")).not.toMatch(/nobody/);
    expect(readFileSync(join(folder, "passwords"), "utf8")).toBe("nobody/may?see@this\n".repeat(2));
    expect(await db.query("select id, name from merchants")).toEqual(before);
    expect(await secrets()).toEqual(encrypted);
    const left = await db.query("select datname from pg_database where datname like 'kadosei_restored_%'");
    expect(left).toEqual([]);
  }, 400_000);

  it("fails with a secret that is not the database's, and without one", async () => {
    const DATABASE_URL = addressOf("");
    const other = await backupCheck({ DATABASE_URL, APP_SECRET: "another secret of 32 characters or more" });
    expect(other.output).toMatch(/APP_SECRET cannot open \d+ values of the backup/);
    expect(other.code).not.toBe(0);
    expect((await backupCheck({ DATABASE_URL, APP_SECRET: "" })).output).toContain(
      "backup:check needs APP_SECRET",
    );
  }, 400_000);
});
