// Runs Prisma's CLI without a downloaded schema engine, and `generate` only when it is needed:
//   node scripts/prisma.mjs generate | <any other prisma command>
// `generate` needs no engine but looks for one and tries to fetch it; any existing program satisfies it
// (stack.md, "Prisma without downloads"). A real engine, or a variable that is set already, is left alone.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const require = createRequire(import.meta.url);
const generated = join(root, "app/db/generated");
const stampFile = join(generated, ".made-from");

/** Whether Prisma downloaded its schema engine here at some time. */
function hasRealEngine() {
  const engines = join(dirname(require.resolve("prisma/package.json")), "..", "@prisma", "engines");
  return existsSync(engines) && readdirSync(engines).some((name) => name.startsWith("schema-engine-"));
}

/** Runs the CLI; returns its exit code. */
function runCli(args, stdio = "inherit") {
  const env = { ...process.env, PRISMA_HIDE_UPDATE_MESSAGE: "1", CHECKPOINT_DISABLE: "1" };
  if (!env.PRISMA_SCHEMA_ENGINE_BINARY && !hasRealEngine())
    env.PRISMA_SCHEMA_ENGINE_BINARY = process.execPath;
  const cli = join(dirname(require.resolve("prisma/package.json")), "build", "index.js");
  const result = spawnSync(process.execPath, [cli, ...args], { cwd: root, env, stdio });
  if (result.status !== 0 && stdio !== "inherit") process.stderr.write(`${result.stdout}${result.stderr}`);
  return result.status ?? 1;
}

/** What the client is made from: the schema and the generator's version. */
function sourceStamp() {
  const schema = readFileSync(join(root, "prisma/schema.prisma"));
  const { version } = require("prisma/package.json");
  return createHash("sha256").update(schema).update(version).digest("hex");
}

/** Makes app/db/generated unless it was made from this very schema. Returns an exit code. */
export function generateClient() {
  const stamp = sourceStamp();
  const isFresh =
    existsSync(join(generated, "client.ts")) &&
    existsSync(stampFile) &&
    readFileSync(stampFile, "utf8") === stamp;
  if (isFresh) return 0;
  const status = runCli(["generate"], "pipe");
  if (status === 0) writeFileSync(stampFile, stamp);
  return status;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const args = process.argv.slice(2);
  process.exitCode = args.length === 1 && args[0] === "generate" ? generateClient() : runCli(args);
}
