import type { PGlite } from "@electric-sql/pglite";
import type { SqlMigrationAwareDriverAdapterFactory } from "@prisma/driver-adapter-utils";
import type { Database } from "./database";

/** What is under a `Database`: for migrations, notifications and the tests' set-up only. */
export type Driver =
  | { kind: "embedded"; pglite: PGlite; adapter: SqlMigrationAwareDriverAdapterFactory }
  | { kind: "postgres"; databaseUrl: string };

const drivers = new WeakMap<Database, Driver>();

/** Remembers what is under a database; the openers call it. */
export function registerDriver(database: Database, driver: Driver): void {
  drivers.set(database, driver);
}

/** What is under a database that `openDatabase` (or the tests' opener) made. */
export function driverOf(database: Database): Driver {
  const driver = drivers.get(database);
  if (!driver) throw new Error("This database was not opened by openDatabase");
  return driver;
}
