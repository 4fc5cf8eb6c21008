// The commands of package.json's scripts, and .ci/run.
// Each makes sure first of what it needs, so that all of them work in a fresh clone.
import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { auditDependencies } from "./lib/audit.mjs";
import {
  checkNode,
  ensureBuilt,
  ensureGenerated,
  ensureInstalled,
  exitWith,
  root,
  run,
  runPackage,
  StepError,
  step,
} from "./lib/steps.mjs";

const [command, ...args] = process.argv.slice(2);
const RESULTS = join(root, ".cache/results");

const commands = {
  dev: () => tsx("scripts/dev.ts"),
  build: () => ensureBuilt({ force: !args.includes("--if-changed") }),
  async seed() {
    await ensureBuilt();
    await run(process.execPath, ["build/server.js", "--seed", ...args], { env: { NODE_ENV: "production" } });
  },
  async "keys:rotate"() {
    await ensureBuilt();
    await run(process.execPath, ["build/server.js", "--rotate-keys"], { env: { NODE_ENV: "production" } });
  },
  async invite() {
    await ensureBuilt();
    await run(process.execPath, ["build/server.js", "--invite", ...args], {
      env: { NODE_ENV: "production" },
    });
  },
  "staff:add": () => staff("--staff-add"),
  "staff:remove": () => staff("--staff-remove"),
  async "privacy:erase"() {
    await ensureBuilt();
    await run(process.execPath, ["build/server.js", "--erase-customer", ...args], {
      env: { NODE_ENV: "production" },
    });
  },
  async "audit:verify"() {
    await ensureBuilt();
    await run(process.execPath, ["build/server.js", "--verify-audit", ...args], {
      env: { NODE_ENV: "production" },
    });
  },
  async "db:copy"() {
    const { values } = parseArgs({ args, options: { to: { type: "string" } } });
    if (!values.to)
      throw new StepError("Usage: npm run db:copy -- --to postgresql://user:password@host:5432/name");
    await ensureBuilt();
    // The source is the embedded database, wherever else the environment points.
    const env = { NODE_ENV: "production", DATABASE_URL: "" };
    await run(process.execPath, ["build/server.js", "--copy-to", values.to], { env });
  },
  async "backup:check"() {
    await ensureBuilt();
    await tsx("scripts/backup-check.ts");
  },
  smoke: () => tsx("scripts/smoke.ts"),
  "docs:env": () => tsx("scripts/docs-env.ts"),
  icons: () => tsx("scripts/icons.ts"),
  "openapi:types": () => tsx("scripts/openapi-types.ts"),
  "migration:new": () => tsx("scripts/new-migration.ts"),
  async pictures() {
    await ensureBuilt();
    await tsx("scripts/pictures.ts");
  },
  async lighthouse() {
    await ensureBuilt();
    await tsx("scripts/lighthouse.ts");
  },
  async budget() {
    await ensureBuilt();
    const { printBudget } = await import("./lib/budget.mjs");
    printBudget();
  },
  async validate() {
    if (!(await validate())) throw new StepError("validate failed");
  },
  async test() {
    const { failed } = await test(contractEnv());
    if (failed > 0) throw new StepError("tests failed");
  },
  async "test:postgres"() {
    const { withPostgres } = await import("./with-postgres.mjs");
    await ensureBuilt();
    await withPostgres((url) =>
      runPackage("vitest/vitest.mjs", ["run", ...args], { env: { ...TEST_ENV, DATABASE_URL: url } }),
    );
  },
  /** Compares every page with its picture; `-- --update-snapshots` takes them anew. */
  async "test:visual"() {
    await ensureBuilt();
    const options = ["test", "--config", "playwright.visual.config.ts", ...args];
    await runPackage("@playwright/test/cli.js", options, { env: { ...TEST_ENV, STAND_STILL: "1" } });
  },
  async "test:chaos"() {
    await ensureBuilt();
    await tsx("tests/chaos/main.ts");
  },
  "bench:sessions": () => benchOn("sessions", args, { build: true }),
  "bench:pages": () => benchOn("pages", args, { build: true }),
  "bench:instances": () => benchOn("instances", args, { build: true }),
  "bench:webhooks": () => benchOn("webhooks", args),
  "bench:routing": () => tsx("bench/routing/main.ts"),
  /**
   * All of them, one after the other, and the page that shows them; one that fails keeps none of the others from
   * running. `--quick` looks whether they work: its figures say little. `--sessions 10000000`: so many for the pages.
   * `--port 3180`: the first of two that are free.
   */
  async bench() {
    const { values } = parseArgs({
      args,
      options: {
        quick: { type: "boolean", default: false },
        sessions: { type: "string" },
        port: { type: "string" },
      },
    });
    const sizes = values.quick ? QUICK : {};
    const port = values.port ? ["--port", values.port] : [];
    const sessions = values.sessions ? ["--sessions", values.sessions] : [];
    const failed = [];
    for (const name of ["sessions", "pages", "webhooks", "instances", "routing"]) {
      const given = sizes[name] ?? [];
      const work =
        name === "routing"
          ? // With few draws its floors say nothing.
            () => tsx("bench/routing/main.ts", given, { check: !values.quick })
          : () =>
              benchOn(name, [...given, ...(name === "pages" ? sessions : []), ...port], {
                build: name !== "webhooks",
              });
      await step(`bench:${name}`, work).catch((error) => {
        if (!(error instanceof StepError)) throw error;
        console.error(`✗ bench:${name}: ${error.message}`);
        failed.push(name);
      });
    }
    await tsx("bench/report.ts", []);
    if (failed.length > 0) throw new StepError(`failed: ${failed.join(", ")}`);
  },
  async ci() {
    const valid = await validate();
    const { passed, failed } = await test();
    console.log(`${passed} passed, ${failed + (valid ? 0 : 1)} failed`);
    process.exitCode = valid && failed === 0 ? 0 : 1;
  },
};

/** What a shell exported for other work must not reach the tests. */
const TEST_ENV = { NODE_ENV: "test", DATABASE_URL: "", APP_SECRET: "", APP_URL: "", DATA_DIR: "", PORT: "" };

/** `npm test -- --runs N --seed S`: how many calls a route the contract test generates, and from which seed. */
function contractEnv() {
  const { values } = parseArgs({ args, options: { runs: { type: "string" }, seed: { type: "string" } } });
  return {
    ...(values.runs === undefined ? {} : { CONTRACT_RUNS: values.runs }),
    ...(values.seed === undefined ? {} : { CONTRACT_SEED: values.seed }),
  };
}

/** `npm run staff:add -- ines@kadosei.example --first-name Ines --last-name Albrecht` */
async function staff(option) {
  await ensureBuilt();
  await run(process.execPath, ["build/server.js", option, ...args], { env: { NODE_ENV: "production" } });
}

const tsx = (script, given = args, options = {}) =>
  runPackage("tsx/dist/cli.mjs", [script, ...given], options);

/** Sizes with which all benches are over in a few minutes. */
const QUICK = {
  sessions: ["--seconds", "1", "--rounds", "1", "--warm-up", "1"],
  pages: ["--sessions", "20000", "--requests", "5"],
  webhooks: ["--events", "500", "--rounds", "1", "--seconds", "2"],
  instances: ["--seconds", "1", "--rounds", "1", "--requests", "2000"],
  routing: ["--seeds", "1", "--rates", "0.5", "--worlds", "base", "--scale", "0.1"],
};

/** A bench that needs PostgreSQL: that of DATABASE_URL, or one for itself. */
async function benchOn(name, given = [], { build = false } = {}) {
  const { withPostgres } = await import("./with-postgres.mjs");
  if (build) await ensureBuilt();
  await withPostgres((url) => tsx(`bench/${name}.ts`, given, { env: { DATABASE_URL: url } }));
}

/** Every check, also after one failed; true when all passed. */
async function validate() {
  const checks = [
    ["Types", () => runPackage("typescript/bin/tsc", ["--noEmit"])],
    [
      "Lint and format",
      () =>
        runPackage("@biomejs/biome/bin/biome", [
          "ci",
          "--error-on-warnings",
          ...(process.stdout.isTTY ? [] : ["--colors=off"]),
          ".",
        ]),
    ],
    [
      "Import arrows",
      () =>
        runPackage("dependency-cruiser/bin/dependency-cruise.mjs", [
          ...CRUISED,
          "--config",
          ".dependency-cruiser.cjs",
        ]),
    ],
    ["Dead code", () => runPackage("knip/bin/knip.js", [])],
    ["OpenAPI document", () => runPackage("tsx/dist/cli.mjs", ["scripts/openapi-lint.ts"])],
    ["Known weaknesses of dependencies", auditDependencies],
    [
      "Prisma schema format",
      () => run(process.execPath, ["scripts/prisma.mjs", "format", "--check"], { quiet: true }),
    ],
  ];
  const failures = [];
  for (const [title, check] of checks) {
    try {
      await step(title, check);
    } catch (error) {
      if (!(error instanceof StepError)) throw error;
      console.error(`✗ ${title}`);
      failures.push(title);
    }
  }
  console.log(failures.length === 0 ? "✓ validate: everything holds" : `✗ validate: ${failures.join(", ")}`);
  return failures.length === 0;
}

const CRUISED = ["app", "server.ts", "cluster.ts", "prisma", "scripts", "bench"];

/** Unit, integration and browser tests on the embedded database; their output as it comes, a summary at the end. */
async function test(extraEnv = {}) {
  await ensureBuilt();
  rmSync(RESULTS, { recursive: true, force: true });
  mkdirSync(RESULTS, { recursive: true });
  const { chromiumOptions, INSTALL_CHROMIUM } = await import("./lib/chromium.mjs");
  if ((await chromiumOptions({ shell: true })) === undefined) throw new StepError(INSTALL_CHROMIUM);

  const unitFile = join(RESULTS, "unit.json");
  const unitCode = await runPackage(
    "vitest/vitest.mjs",
    ["run", "--reporter=default", "--reporter=json", `--outputFile.json=${unitFile}`],
    { env: { ...TEST_ENV, ...extraEnv }, check: false },
  );
  const unit = vitestCounts(unitFile, unitCode);
  const browserCode = await runPackage("@playwright/test/cli.js", ["test"], { env: TEST_ENV, check: false });
  const browser = playwrightCounts(join(RESULTS, "browser.json"), browserCode);

  const line = (title, { passed, failed }) =>
    console.log(`  ${title.padEnd(22)}${passed} passed, ${failed} failed`);
  console.log("\nSummary");
  line("unit and integration", unit);
  line("browser", browser);
  if (browser.flaky > 0)
    console.log(
      `  UNSTABLE: ${browser.flaky} of the browser tests passed only when repeated. That is a bug.`,
    );
  return { passed: unit.passed + browser.passed, failed: unit.failed + browser.failed };
}

/** A runner that failed without a failed test (a file that does not load, a server that does not start) counts as one. */
const atLeastOne = (failed, exitCode) => (exitCode !== 0 && failed === 0 ? 1 : failed);

function vitestCounts(file, exitCode) {
  if (!existsSync(file)) return { passed: 0, failed: 1 };
  const { numPassedTests, numFailedTests } = JSON.parse(readFileSync(file, "utf8"));
  return { passed: numPassedTests, failed: atLeastOne(numFailedTests, exitCode) };
}

function playwrightCounts(file, exitCode) {
  if (!existsSync(file)) return { passed: 0, failed: 1, flaky: 0 };
  const { expected, unexpected, flaky } = JSON.parse(readFileSync(file, "utf8")).stats;
  return { passed: expected + flaky, flaky, failed: atLeastOne(unexpected, exitCode) };
}

try {
  const work = commands[command];
  if (!work) throw new StepError(`Usage: node scripts/run.mjs ${Object.keys(commands).join(" | ")}`);
  process.chdir(root);
  checkNode();
  await ensureInstalled();
  await ensureGenerated();
  await work();
} catch (error) {
  // .ci/run tells "could not run" from "something failed", which printed its own count.
  exitWith(error, command === "ci" ? 2 : 1);
}
