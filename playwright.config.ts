import { defineConfig } from "@playwright/test";
import { chromiumOptions, INSTALL_CHROMIUM } from "./scripts/lib/chromium.mjs";

const launchOptions = await chromiumOptions({ shell: true });
if (launchOptions === undefined) throw new Error(INSTALL_CHROMIUM);

const port = Number(process.env.BROWSER_TEST_PORT ?? 3130);

/** The built server on a database of its own, which the tests share: each makes what it needs. */
export default defineConfig({
  testDir: "tests/browser",
  outputDir: ".cache/browser-tests",
  workers: 2,
  fullyParallel: true,
  // Where nobody sits before it, one unlucky test does not hide what the others say; the summary names its like as
  // bugs (scripts/run.mjs).
  retries: Number(process.env.BROWSER_TEST_RETRIES ?? 0),
  // Only against one that hangs: on a busy machine a new user's first payment takes a minute.
  timeout: 120_000,
  expect: { timeout: 10_000 },
  reporter: [["list"], ["json", { outputFile: ".cache/results/browser.json" }]],
  use: {
    baseURL: `http://localhost:${port}`,
    launchOptions,
    trace: "retain-on-failure",
    screenshot: "only-on-failure",
  },
  webServer: {
    command: "node tests/browser/support/serve.mjs",
    url: `http://localhost:${port}/readyz`,
    env: { PORT: String(port) },
    // The pictures' server (playwright.visual.config.ts) seeds the whole demo.
    timeout: 300_000,
    stdout: "pipe",
    gracefulShutdown: { signal: "SIGTERM", timeout: 10_000 },
  },
});
