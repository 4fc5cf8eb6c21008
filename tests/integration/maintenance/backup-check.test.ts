import { spawn } from "node:child_process";
import { beforeAll, describe, expect, it } from "vitest";
import { driverOf } from "~/db/drivers.server";
import { freshDatabase } from "../../support/database";
import { createShop } from "../../support/factories";
import { BUILD_TIMEOUT_MS, ensureBuild, freePort } from "../../support/server-process";
import { testServices } from "../../support/services";

beforeAll(() => ensureBuild(), BUILD_TIMEOUT_MS);

describe.skipIf(!process.env.DATABASE_URL)("npm run backup:check", () => {
  it("restores a dump into a new database, compares it, pays there, and leaves the original alone", async () => {
    const db = await freshDatabase();
    const driver = driverOf(db);
    if (driver.kind !== "postgres") return;
    await createShop(await testServices({ db }));
    const before = await db.query("select id, name from merchants");
    const child = spawn(
      process.execPath,
      ["--import", "tsx", "scripts/backup-check.ts", "--port", String(await freePort())],
      { env: { ...process.env, DATABASE_URL: driver.databaseUrl, NODE_ENV: "production" }, stdio: "pipe" },
    );
    let output = "";
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => (output += chunk));
    const code = await new Promise((resolve) => child.once("close", resolve));
    expect(output).toMatch(/✓ \d+ tables with \d+ rows: counts and checksums equal/);
    expect(output).toContain("✓ a server works on the copy");
    expect(code).toBe(0);
    expect(await db.query("select id, name from merchants")).toEqual(before);
    const left = await db.query("select datname from pg_database where datname like 'kadosei_restored_%'");
    expect(left).toEqual([]);
  }, 400_000);
});
