// npm run migration:new -- <name>: writes the next migration, the SQL that takes a database with all
// existing migrations to prisma/schema.prisma. Works on a scratch database in memory; needs no server.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { PGlite } from "@electric-sql/pglite";
import { driverOf } from "../app/db/drivers.server";
import { embeddedDatabase } from "../app/db/embedded.server";
import { migrate } from "../app/db/migrate.server";
import { createSchemaEngine, diffToSchema } from "../app/db/schema-engine.server";

const migrationsDir = join(process.cwd(), "prisma", "migrations");

async function main(): Promise<number> {
  const name = (process.argv[2] ?? "")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "_")
    .replace(/^_|_$/g, "");
  if (name === "") {
    console.error("Usage: npm run migration:new -- <what it does, in a few words>");
    return 2;
  }
  mkdirSync(migrationsDir, { recursive: true });
  const lockFile = join(migrationsDir, "migration_lock.toml");
  if (!existsSync(lockFile)) {
    writeFileSync(lockFile, '# Prisma: the databases these migrations are for.\nprovider = "postgresql"\n');
  }

  const schema = readFileSync(join(process.cwd(), "prisma", "schema.prisma"), "utf8");
  const database = embeddedDatabase(await PGlite.create());
  try {
    await migrate(database, { migrationsDir });
    const driver = driverOf(database);
    if (driver.kind !== "embedded") throw new Error("The scratch database is always embedded");
    const engine = await createSchemaEngine(driver.adapter, schema);
    const sql = await diffToSchema(engine, "database", schema);
    if (sql === "") {
      console.log("Nothing to do: the migrations already make prisma/schema.prisma.");
      return 0;
    }
    const stamp = new Date().toISOString().replace(/\D/g, "").slice(0, 14);
    const folder = join(migrationsDir, `${stamp}_${name}`);
    mkdirSync(folder);
    writeFileSync(join(folder, "migration.sql"), sql);
    console.log(`Wrote ${folder}/migration.sql. Read it before you commit it.`);
    return 0;
  } finally {
    await database.close();
  }
}

process.exitCode = await main();
