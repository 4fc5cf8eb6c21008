import { readFileSync } from "node:fs";
import { expect, type Page, test } from "@playwright/test";
import { openPage, type Places, pages } from "./support/pages";
import { idle, owner } from "./support/people.mjs";
import { NOW } from "./support/stand-still.mjs";
import { visualState } from "./support/visual-setup";

/** In all four variants; the others at a desk in light and on a phone in the dark, as pictures weigh. */
const EVERYWHERE = new Set([
  ...[
    "sign-in",
    "overview",
    "sessions",
    "a failed session",
    "analytics",
    "routing",
    "API keys",
    "test providers",
  ],
  ...[
    "overview with the first steps",
    "webhooks",
    "the pay page",
    "sessions without a match",
    "no page at all",
  ],
]);
const OF_THE_OTHERS = ["desktop-light", "phone-dark"];
/** What only a running job writes, and nothing runs here; and what is no page of the product. */
const LEFT_OUT = new Set(["mail that was not sent", "the pay page, paid", "the components"]);

const places: Places = JSON.parse(readFileSync(visualState("places"), "utf8"));

/** Each request's own: its id, and the key that a sample call would have. */
async function hideWhatIsNew(page: Page): Promise<void> {
  await page.evaluate(() => {
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node !== null; node = walker.nextNode())
      node.textContent = (node.textContent ?? "").replace(/[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}/g, (id) =>
        // Of version 4; what the demo's seed made is of version 7, and the same each time.
        id[14] === "4" ? "00000000-0000-4000-8000-000000000000" : id,
      );
  });
}

/** The page as it is once two pictures in a row are the same. Not lossless: a third of the weight, and as comparable. */
async function settled(page: Page): Promise<Buffer> {
  const take = () => page.screenshot({ type: "webp", quality: 80, animations: "disabled", caret: "hide" });
  let picture = await take();
  await expect
    .poll(async () => {
      const before = picture;
      picture = await take();
      return picture.equals(before);
    })
    .toBe(true);
  return picture;
}

for (const who of [owner, idle, "nobody"] as const) {
  test.describe(who === "nobody" ? "without a sign-in" : `signed in as ${who}`, () => {
    if (who !== "nobody") test.use({ storageState: visualState(who) });
    for (const [name, , path, says] of pages.filter((page) => page[1] === who)) {
      if (LEFT_OUT.has(name)) continue;
      test(name, async ({ page }, { project }) => {
        test.skip(!EVERYWHERE.has(name) && !OF_THE_OTHERS.includes(project.name));
        await page.clock.setFixedTime(NOW);
        await openPage(page, path(places), says);
        // Charts come after the page.
        await page.waitForLoadState("networkidle");
        await expect(page.locator("main .animate-pulse")).toHaveCount(0);
        await expect(page.locator(".recharts-responsive-container:not(:has(svg))")).toHaveCount(0);
        await hideWhatIsNew(page);
        expect(await settled(page)).toMatchSnapshot(`${name.replace(/\W+/g, "-")}.webp`);
      });
    }
  });
}
