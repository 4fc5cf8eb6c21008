// Which Chromium the browser tests and pictures use: CHROMIUM, then a system one, then Playwright's own.
import { existsSync } from "node:fs";

const SYSTEM = [
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/usr/bin/google-chrome-stable",
];

export const INSTALL_CHROMIUM =
  "No Chromium is installed here. Install one of: `apt-get install chromium` (Debian, Ubuntu), or `npx playwright install chromium`; or set CHROMIUM to its path.";

/** Playwright's launch options; undefined when there is no Chromium. */
export async function chromiumOptions() {
  const { chromium } = await import("playwright");
  const own = chromium.executablePath();
  const executablePath = [process.env.CHROMIUM, ...SYSTEM, own].find((path) => path && existsSync(path));
  if (executablePath === undefined) return undefined;
  return {
    executablePath,
    args: ["--no-sandbox", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
  };
}
