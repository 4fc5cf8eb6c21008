// The built server on an empty data directory that goes away with it: what the browser tests run against.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const dataDir = mkdtempSync(join(tmpdir(), "kadosei-browser-"));
process.on("exit", () => rmSync(dataDir, { recursive: true, force: true }));
for (const name of ["DATABASE_URL", "APP_SECRET", "APP_URL", "HOST"]) delete process.env[name];
Object.assign(process.env, { NODE_ENV: "production", DATA_DIR: dataDir, DEV_PAGES: "1", LOG_LEVEL: "warn" });
await import(pathToFileURL(join(process.cwd(), "build/server.js")).href);
