// npm run pictures: takes the README's pictures from the built product on fresh demo data, into docs/pictures.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium, type Page } from "playwright";
import { demoPassword, demoSignIns } from "../prisma/seed/sign-ins";
import { chromiumOptions, INSTALL_CHROMIUM } from "./lib/chromium.mjs";

const PORT = 3990;
const base = `http://localhost:${PORT}`;
const TIMEOUT_MS = 120_000;

async function main(): Promise<void> {
  const options = await chromiumOptions();
  if (options === undefined) throw new Error(INSTALL_CHROMIUM);
  const dataDir = mkdtempSync(join(tmpdir(), "kadosei-pictures-"));
  const server = spawn(process.execPath, ["build/server.js"], {
    env: {
      ...process.env,
      NODE_ENV: "production",
      PORT: String(PORT),
      DATA_DIR: dataDir,
      LOG_LEVEL: "error",
    },
    stdio: ["ignore", "inherit", "inherit"],
  });
  try {
    await untilReady(server);
    const browser = await chromium.launch(options);
    try {
      for (const colorScheme of ["light", "dark"] as const) {
        const page = await browser.newPage({ viewport: { width: 1440, height: 1000 }, colorScheme });
        await takePictures(page, colorScheme);
        await page.close();
      }
    } finally {
      await browser.close();
    }
  } finally {
    server.kill("SIGTERM");
    if (server.exitCode === null) await once(server, "exit");
    rmSync(dataDir, { recursive: true, force: true });
  }
}

async function takePictures(page: Page, scheme: "light" | "dark"): Promise<void> {
  const take = (name: string) => page.screenshot({ path: `docs/pictures/${name}-${scheme}.png` });
  await page.goto(`${base}/sign-in`);
  await page.getByLabel("E-mail").fill(demoSignIns[0].email);
  await page.getByLabel("Password", { exact: true }).fill(demoPassword);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await page.waitForURL(/\/apps\//);
  // The fullest of the demo's applications; which one a sign-in opens depends on the newest session.
  await page.goto(`${base}/applications`);
  await page.getByRole("link", { name: "Open Web shop" }).click();
  // The chart is drawn in the browser: it is there when its bars are.
  await page.locator(".recharts-bar-rectangle").first().waitFor();
  await page.waitForLoadState("networkidle");
  await take("overview");
  const scope = page.url().replace(/\?.*/, "");
  await page.goto(`${scope}/sessions?status=FAILED`);
  await page.locator("tbody a").first().click();
  await page.getByRole("heading", { name: "Timeline" }).waitFor();
  await take("session");
}

async function untilReady(server: ChildProcess): Promise<void> {
  const deadline = Date.now() + TIMEOUT_MS;
  for (;;) {
    if (server.exitCode !== null) throw new Error("the server ended");
    const isReady = await fetch(`${base}/readyz`).then(
      (response) => response.ok,
      () => false,
    );
    if (isReady) return;
    if (Date.now() > deadline) throw new Error("the server did not become ready");
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

await main();
