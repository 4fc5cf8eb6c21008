// Which Chromium the browser tests and pictures use: CHROMIUM, then a system one, then Playwright's own.
import { existsSync } from "node:fs";

/** Debian's package of that name: Chromium without its window, whose own pages take more time than a test's. */
const SHELL = "/usr/bin/chromium-headless-shell";
const SYSTEM = [
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/usr/bin/google-chrome-stable",
];

export const INSTALL_CHROMIUM =
  "No Chromium is installed here. Install one of: `apt-get install chromium` (Debian, Ubuntu), or `npx playwright install chromium`; or set CHROMIUM to its path.";

/**
 * Playwright's launch options; undefined when there is no Chromium. For pictures and measurements it is the whole one,
 * as people have it; `shell` prefers the one without a window.
 */
export async function chromiumOptions({ shell = false } = {}) {
  const { chromium } = await import("playwright");
  const own = chromium.executablePath();
  const executablePath = [process.env.CHROMIUM, ...(shell ? [SHELL] : []), ...SYSTEM, own].find(
    (path) => path && existsSync(path),
  );
  if (executablePath === undefined) return undefined;
  return {
    executablePath,
    args: ["--no-sandbox", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
  };
}
