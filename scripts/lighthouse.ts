// npm run lighthouse: Lighthouse on five pages of the built product with demo data, as a table; fails below 95.
// It comes by npx: as a dependency it would make everybody's install a third larger.
import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { demoPassword, demoSignIns } from "../prisma/seed/sign-ins";
import { chromiumOptions, INSTALL_CHROMIUM } from "./lib/chromium.mjs";
import { withDemoServer } from "./lib/demo-server";

const LIGHTHOUSE = "lighthouse@12.8.2";
const PORT = Number(process.env.LIGHTHOUSE_PORT ?? 3991);
const CATEGORIES = ["performance", "accessibility", "best-practices"] as const;
const LEAST = 95;

interface Audit {
  title: string;
  score: number | null;
  displayValue?: string;
}
interface Report {
  categories: Record<string, { score: number; auditRefs: { id: string; weight: number }[] }>;
  audits: Record<string, Audit>;
}

async function main(): Promise<void> {
  const options = await chromiumOptions();
  if (options === undefined) throw new Error(INSTALL_CHROMIUM);
  const tooLow: string[] = [];
  await withDemoServer(PORT, async (base) => {
    const { cookie, pages } = await findPages(base);
    console.log(`${"".padEnd(16)}${CATEGORIES.map((name) => name.padStart(16)).join("")}`);
    for (const page of pages) {
      const report = await measure(options.executablePath, `${base}${page.path}`, page, cookie);
      const scores = CATEGORIES.map((name) => Math.round((report.categories[name]?.score ?? 0) * 100));
      console.log(`${page.name.padEnd(16)}${scores.map((score) => String(score).padStart(16)).join("")}`);
      if (scores.every((score) => score >= LEAST)) continue;
      tooLow.push(page.name);
      for (const fault of faultsOf(report)) console.log(`  ${fault}`);
    }
  });
  if (tooLow.length > 0) throw new Error(`below ${LEAST}: ${tooLow.join(", ")}`);
}

interface PageToMeasure {
  name: string;
  path: string;
  /** As on a slow phone, which is where it is opened; the dashboard is measured as on a desk. */
  isPhone: boolean;
  isSignedIn: boolean;
}

/** Signs in as the demo's owner, and finds the pages by the product's own links. */
async function findPages(base: string): Promise<{ cookie: string; pages: PageToMeasure[] }> {
  const form = { intent: "password", email: demoSignIns[0].email, password: demoPassword, returnTo: "/" };
  const reply = await fetch(`${base}/sign-in`, {
    method: "POST",
    body: new URLSearchParams(form),
    headers: { origin: base },
    redirect: "manual",
  });
  const cookie = reply.headers
    .getSetCookie()
    .map((line) => line.split(";")[0])
    .join("; ");
  const find = async (path: string, pattern: RegExp): Promise<string> => {
    const html = await (await fetch(base + path, { headers: { cookie } })).text();
    const found = pattern.exec(html)?.[1];
    if (found === undefined) throw new Error(`${path} has nothing like ${pattern}`);
    return found;
  };
  const sessionLink = /href="(\/apps\/[^"]+\/sessions\/[\da-f-]{36})"/;
  const shop = await find("/applications", /aria-label="Open Web shop"[^>]*href="([^"]+)"/);
  const failed = await find(`${shop}/sessions?status=FAILED`, sessionLink);
  const open = await find(`${shop}/sessions?status=PENDING`, sessionLink);
  const checkout = await find(open, /(\/pay\/[\w-]{43})/);
  const dashboard = (name: string, path: string) => ({ name, path, isPhone: false, isSignedIn: true });
  const pages = [
    { name: "sign-in", path: "/sign-in", isPhone: false, isSignedIn: false },
    dashboard("overview", shop),
    dashboard("sessions", `${shop}/sessions`),
    dashboard("session", failed),
    { name: "checkout", path: checkout, isPhone: true, isSignedIn: false },
  ];
  return { cookie, pages };
}

async function measure(
  chromium: string,
  url: string,
  { isPhone, isSignedIn }: PageToMeasure,
  cookie: string,
): Promise<Report> {
  const folder = mkdtempSync(join(tmpdir(), "kadosei-lighthouse-"));
  const output = join(folder, "report.json");
  try {
    await promisify(execFile)(
      "npx",
      [
        ...["--yes", LIGHTHOUSE, url, "--quiet", "--output=json", `--output-path=${output}`],
        ...["--chrome-flags=--headless=new --no-sandbox", `--only-categories=${CATEGORIES.join(",")}`],
        ...(isPhone ? [] : ["--preset=desktop"]),
        ...(isSignedIn ? [`--extra-headers=${JSON.stringify({ Cookie: cookie })}`] : []),
      ],
      { env: { ...process.env, CHROME_PATH: chromium } },
    );
    return JSON.parse(readFileSync(output, "utf8")) as Report;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** What cost points, one line for each audit. */
function faultsOf({ categories, audits }: Report): string[] {
  const lines = CATEGORIES.flatMap((name) =>
    (categories[name]?.auditRefs ?? []).flatMap(({ id, weight }) => {
      const audit = audits[id];
      if (weight === 0 || !audit || audit.score === null || audit.score >= 0.9) return [];
      return [`${name}: ${audit.title} ${audit.displayValue ?? ""} (${id})`];
    }),
  );
  return [...new Set(lines)];
}

await main();
