import { execFileSync } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { PGlite } from "@electric-sql/pglite";
import type { TestProject } from "vitest/node";
import { embeddedDatabase } from "../../app/db/embedded.server";
import { migrate } from "../../app/db/migrate.server";
import { openDatabase } from "../../app/db/open-database.server";
import { readMigrations } from "../../app/db/schema-engine.server";

/** Where the workers of this run find a migrated database to copy. */
export type DatabaseTemplate =
  | { kind: "embedded"; dumpFile: string }
  | { kind: "postgres"; adminUrl: string; templateName: string; prefix: string };

declare module "vitest" {
  export interface ProvidedContext {
    databaseTemplate: DatabaseTemplate;
  }
}

const root = process.cwd();
const migrationsDir = join(root, "prisma", "migrations");

/** Runs once per `vitest run`: the client, and one migrated template. */
export default async function setup(project: TestProject): Promise<(() => Promise<void>) | undefined> {
  execFileSync(process.execPath, ["scripts/prisma.mjs", "generate"], { cwd: root, stdio: "inherit" });
  const adminUrl = process.env.DATABASE_URL;
  if (!adminUrl) {
    project.provide("databaseTemplate", { kind: "embedded", dumpFile: await embeddedTemplate() });
    return undefined;
  }

  // Per run, so that two runs on one server do not meet.
  const prefix = `kadosei_test_${randomBytes(4).toString("hex")}`;
  const templateName = `${prefix}_template`;
  const admin = await openDatabase({ ...quiet, databaseUrl: adminUrl });
  await admin.script(`create database ${templateName}`);
  const template = await openDatabase({ ...quiet, databaseUrl: databaseUrlFor(adminUrl, templateName) });
  await migrate(template, { migrationsDir });
  await template.close();
  await admin.close();
  project.provide("databaseTemplate", { kind: "postgres", adminUrl, templateName, prefix });

  return async () => {
    const last = await openDatabase({ ...quiet, databaseUrl: adminUrl });
    const rows = await last.query<{ name: string }>(
      "select datname as name from pg_database where starts_with(datname, $1)",
      [prefix],
    );
    for (const row of rows) await last.script(`drop database "${row.name}" with (force)`);
    await last.close();
  };
}

const quiet = { dataDir: "", poolSize: 2, statementTimeoutMs: 0, log: () => undefined };

/** The same server, another database. */
export function databaseUrlFor(adminUrl: string, name: string): string {
  const url = new URL(adminUrl);
  url.pathname = `/${name}`;
  return url.href;
}

/** A dump of a migrated embedded database, made again when the migrations change. */
async function embeddedTemplate(): Promise<string> {
  const hash = createHash("sha256");
  for (const folder of readMigrations(migrationsDir)) hash.update(`${folder.name}\0${folder.sql}\0`);
  const cache = join(root, ".cache");
  const dumpFile = join(cache, `database-${hash.digest("hex").slice(0, 16)}.tar`);
  if (existsSync(dumpFile)) return dumpFile;

  const pglite = await PGlite.create();
  const database = embeddedDatabase(pglite);
  await migrate(database, { migrationsDir });
  const dump = await pglite.dumpDataDir("none");
  await database.close();
  mkdirSync(cache, { recursive: true });
  // One of 40 MB is enough: those of earlier migrations go.
  for (const name of readdirSync(cache)) {
    if (/^database-\w+\.tar$/.test(name)) rmSync(join(cache, name), { force: true });
  }
  // Renamed into place: another run may be reading.
  const partial = `${dumpFile}.${process.pid}`;
  writeFileSync(partial, Buffer.from(await dump.arrayBuffer()));
  renameSync(partial, dumpFile);
  return dumpFile;
}
