// What has to be true before anything of this project can run: Node's version, installed packages, the
// generated client, a build. Plain Node without packages, because it runs before there are any.
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import { overCeiling } from "./budget.mjs";

export const root = join(dirname(fileURLToPath(import.meta.url)), "../..");
const NODE_AT_LEAST = [20, 19];

/** A failure that was told already, or that needs no stack: its message is for the person at the terminal. */
export class StepError extends Error {}

/** @throws StepError below the version in package.json's `engines`. */
export function checkNode() {
  const [major, minor] = process.versions.node.split(".").map(Number);
  if (major > NODE_AT_LEAST[0] || (major === NODE_AT_LEAST[0] && minor >= NODE_AT_LEAST[1])) return;
  throw new StepError(
    `Kadosei needs Node ${NODE_AT_LEAST.join(".")} or newer; this is ${process.versions.node}`,
  );
}

/** Does `work` under a line that says what, that it still goes on, and how long it took. */
export async function step(title, work) {
  const started = Date.now();
  const seconds = () => `${((Date.now() - started) / 1000).toFixed(1)} s`;
  console.log(`· ${title} …`);
  const tick = setInterval(() => console.log(`  … ${title}: ${seconds()}`), 5_000);
  try {
    const result = await work();
    console.log(`✓ ${title} (${seconds()})`);
    return result;
  } finally {
    clearInterval(tick);
  }
}

/**
 * Runs a program to its end. `quiet` keeps its output and shows it only when it fails.
 * @returns its exit code; @throws StepError when it fails and `check` is not false.
 */
export function run(command, args, { env = {}, quiet = false, check = true } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: root,
      env: { ...process.env, ...env },
      stdio: quiet ? ["ignore", "pipe", "pipe"] : "inherit",
      shell: process.platform === "win32",
    });
    // A supervisor signals this process only; Ctrl-C reaches the child by itself, and it decides when to end.
    const onTerm = () => child.kill("SIGTERM");
    const onInterrupt = () => undefined;
    process.on("SIGTERM", onTerm).on("SIGINT", onInterrupt);
    let output = "";
    for (const stream of [child.stdout, child.stderr]) stream?.on("data", (chunk) => (output += chunk));
    child.on("error", (error) => reject(new StepError(`${command} could not be started: ${error.message}`)));
    child.on("close", (code, signal) => {
      process.off("SIGTERM", onTerm).off("SIGINT", onInterrupt);
      if (code === 0 || !check) return resolve(code ?? 1);
      if (output) process.stderr.write(output);
      reject(new StepError(`${[command, ...args].join(" ")} failed (${signal ?? `exit code ${code}`})`));
    });
  });
}

/** Runs a package's own program with this Node, without a shell's search path. */
export const runPackage = (script, args, options) =>
  run(process.execPath, [join("node_modules", script), ...args], options);

const sha256 = (data) => createHash("sha256").update(data).digest("hex");
const readOr = (path, otherwise) => (existsSync(path) ? readFileSync(path, "utf8") : otherwise);

/** `npm ci` when packages are missing or the lock file is another than the one they came from. */
export async function ensureInstalled() {
  const lock = join(root, "package-lock.json");
  const stamp = join(root, "node_modules/.kadosei-stamp");
  const wanted = sha256(readFileSync(lock));
  if (readOr(stamp, "") === wanted) return;
  // Installed by hand, by `npm ci` or `npm install`: npm's own record is then newer than the lock file.
  const record = join(root, "node_modules/.package-lock.json");
  if (!existsSync(stamp) && existsSync(record) && statSync(record).mtimeMs >= statSync(lock).mtimeMs) {
    return writeFileSync(stamp, wanted);
  }
  await step("Installing packages", () =>
    run("npm", ["ci", "--include=dev", "--ignore-scripts", "--no-audit", "--no-fund"], { quiet: true }),
  );
  writeFileSync(stamp, wanted);
}

/** Prisma's client from the schema, when the schema changed. */
export async function ensureGenerated() {
  const { generateClient } = await import("../prisma.mjs");
  if (generateClient() !== 0) throw new StepError("prisma generate failed");
}

const BUILD_INPUTS = [
  "app",
  "docs/guides",
  "prisma",
  "public",
  "server.ts",
  "cluster.ts",
  "remix.config.js",
  "vite.config.ts",
  "tailwind.config.ts",
  "tsconfig.json",
  "package-lock.json",
];
const NOT_INPUTS = new Set([join("app", "db", "generated")]);

function* filesUnder(path) {
  if (NOT_INPUTS.has(relative(root, path)) || !existsSync(path)) return;
  if (!statSync(path).isDirectory()) return yield path;
  for (const name of readdirSync(path).sort()) yield* filesUnder(join(path, name));
}

function inputsHash() {
  const hash = createHash("sha256");
  for (const input of BUILD_INPUTS) {
    for (const file of filesUnder(join(root, input)))
      hash.update(relative(root, file)).update("\0").update(readFileSync(file));
  }
  return hash.digest("hex");
}

/** Builds when a source file's content changed since the last build, or always with `force`. */
export async function ensureBuilt({ force = false } = {}) {
  const stamp = join(root, "build/.stamp");
  const wanted = inputsHash();
  if (!force && readOr(stamp, "") === wanted) return;
  rmSync(stamp, { force: true });
  await step("Building", async () => {
    await runPackage("@remix-run/dev/dist/cli.js", ["vite:build", "--logLevel", "warn"], {
      env: { NODE_ENV: "production" },
      quiet: true,
    });
    await bundleServer();
    compressClient();
    const over = overCeiling();
    if (over.length > 0) throw new StepError(`More JavaScript than a page may have: ${over.join(", ")}`);
  });
  mkdirSync(dirname(stamp), { recursive: true });
  writeFileSync(stamp, wanted);
}

/** server.ts and the demo data become plain JavaScript beside Remix's build. */
async function bundleServer() {
  const { build } = await import("esbuild");
  await build({
    absWorkingDir: root,
    entryPoints: [
      { in: "server.ts", out: "server" },
      { in: "prisma/seed/seed.ts", out: "seed" },
    ],
    outdir: "build",
    bundle: true,
    packages: "external",
    platform: "node",
    format: "esm",
    target: "node20",
    sourcemap: "linked",
    logLevel: "warning",
  });
}

/** Beside each text file of the browser's its Brotli and gzip: the server sends the one that a browser takes. */
function compressClient() {
  for (const file of filesUnder(join(root, "build/client"))) {
    if (!/\.(js|css|svg)$/.test(file)) continue;
    const content = readFileSync(file);
    if (content.length < 1024) continue;
    const quality = { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } };
    writeFileSync(`${file}.br`, brotliCompressSync(content, quality));
    writeFileSync(`${file}.gz`, gzipSync(content));
  }
}

/** All of the above, in order. */
export async function prepare() {
  checkNode();
  await ensureInstalled();
  await ensureGenerated();
  await ensureBuilt();
}

/** Ends the process with one line when a step failed. */
export function exitWith(error, code = 1) {
  console.error(error instanceof StepError ? `✗ ${error.message}` : error);
  process.exit(code);
}
