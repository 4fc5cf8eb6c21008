// npm run pictures: takes the README's pictures from the built product on fresh demo data, into docs/pictures.
import { chromium, type Page } from "playwright";
import { demoPassword, demoSignIns } from "../prisma/seed/sign-ins";
import { chromiumOptions, INSTALL_CHROMIUM } from "./lib/chromium.mjs";
import { withDemoServer } from "./lib/demo-server";

const PORT = 3990;

async function main(): Promise<void> {
  const options = await chromiumOptions();
  if (options === undefined) throw new Error(INSTALL_CHROMIUM);
  await withDemoServer(PORT, async (base) => {
    const browser = await chromium.launch(options);
    try {
      for (const colorScheme of ["light", "dark"] as const) {
        const page = await browser.newPage({ viewport: { width: 1440, height: 1000 }, colorScheme });
        await takePictures(page, base, colorScheme);
        await page.close();
      }
    } finally {
      await browser.close();
    }
  });
}

async function takePictures(page: Page, base: string, scheme: "light" | "dark"): Promise<void> {
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

await main();
