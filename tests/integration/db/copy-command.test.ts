import { beforeAll, describe, expect, it } from "vitest";
import { driverOf } from "~/db/drivers.server";
import { emptyDatabase } from "../../support/database";
import {
  BUILD_TIMEOUT_MS,
  ensureBuild,
  startServerProcess,
  temporaryDirectory,
} from "../../support/server-process";

beforeAll(() => ensureBuild(), BUILD_TIMEOUT_MS);

describe.skipIf(!process.env.DATABASE_URL)("npm run db:copy", () => {
  it("copies the embedded database, however short the time of a statement is", async () => {
    const target = await emptyDatabase();
    const driver = driverOf(target);
    if (driver.kind !== "postgres") throw new Error("Only on PostgreSQL");
    const DATA_DIR = temporaryDirectory();
    const command = (...args: string[]) => ["build/server.js", ...args];
    const made = await startServerProcess({
      env: { DATA_DIR },
      command: command(
        "--staff-add",
        "ines@kadosei.example",
        "--first-name",
        "Ines",
        "--last-name",
        "Albrecht",
      ),
    });
    expect(await made.ended, made.output()).toBe(0);
    const copied = await startServerProcess({
      env: { DATA_DIR, APP_SECRET: "a".repeat(32), DATABASE_STATEMENT_TIMEOUT_MS: "1" },
      command: command("--copy-to", driver.databaseUrl),
    });
    expect(await copied.ended, copied.output()).toBe(0);
    expect(copied.output()).toContain("the embedded database is unchanged");
    expect(await target.query("select email from users")).toEqual([{ email: "ines@kadosei.example" }]);
  }, 240_000);
});
