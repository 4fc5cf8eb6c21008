// A process that opens the embedded database, for embedded.test.ts:
//   open-embedded.child.ts <dataDir> hold | exit | write
// Prints "opening", then "ready" or "refused <message>"; `write` then prints each row's number once the
// insert was acknowledged.
import { randomUUID } from "node:crypto";
import { migrate } from "../../../app/db/migrate.server";
import { DatabaseStartError, openDatabase } from "../../../app/db/open-database.server";

const [dataDir = "", mode = "hold"] = process.argv.slice(2);
console.log("opening");
try {
  const database = await openDatabase({ dataDir, poolSize: 1, statementTimeoutMs: 0, log: console.error });
  await migrate(database);
  console.log("ready");
  if (mode === "exit") process.exit(0);
  for (let row = 1; mode === "write"; row++) {
    await database.query("insert into merchants (id, name) values ($1, $2)", [randomUUID(), String(row)]);
    console.log(row);
  }
  // Held open until somebody kills this process.
  setInterval(() => undefined, 1_000);
} catch (error) {
  console.log(error instanceof DatabaseStartError ? `refused ${error.message}` : `crashed ${String(error)}`);
  process.exitCode = 1;
}
