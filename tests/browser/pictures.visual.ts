import { readFileSync } from "node:fs";
import { expect, type Page, test } from "@playwright/test";
import { openPage, type Places, pages } from "./support/pages";
import { idle, owner, staff } from "./support/people.mjs";
import { NOW } from "./support/stand-still.mjs";
import { visualState } from "./support/visual-setup";

/** What only a running job writes, and nothing runs here; and what is no page of the product. */
const LEFT_OUT = new Set(["mail that was not sent", "the pay page, paid", "the components"]);

/** What opens over a page. On a phone or at a desk alone, where there is a button for it. */
const opened: [name: string, on: RegExp, open: (page: Page) => Promise<void>][] = [
  [
    "the command menu",
    /./,
    async (page) => {
      await page.keyboard.press("Control+k");
      await expect(page.getByRole("combobox", { name: /^Page, action/ })).toBeFocused();
    },
  ],
  [
    "the keyboard shortcuts",
    /desktop/,
    async (page) => {
      await page.keyboard.press("?");
      await expect(page.getByRole("dialog", { name: "Keyboard shortcuts" })).toBeVisible();
    },
  ],
  [
    "the menu of pages",
    /phone/,
    async (page) => {
      await page.getByRole("button", { name: "Open menu" }).click();
      await expect(page.getByRole("button", { name: "Close menu" })).toBeVisible();
    },
  ],
  [
    "the account's menu",
    /desktop/,
    async (page) => {
      await page.getByRole("button", { name: "Your account" }).click();
      await expect(page.getByRole("menuitem").first()).toBeVisible();
    },
  ],
];

const places: Places = JSON.parse(readFileSync(visualState("places"), "utf8"));

/**
 * Each run's own: a request's id, the key that a sample call would have, and the server's port; and of a session that
 * the setup made, which customers' pages and the shared one are of, its references and how long its calls took.
 */
async function hideWhatIsNew(page: Page): Promise<void> {
  await page.evaluate(() => {
    const isOfSetup = /^\/(pay|simulator|share)\//.test(location.pathname);
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
      let text = node.textContent ?? "";
      text = text.replace(/[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}/g, (id) =>
        // Of version 4; what the demo's seed made is of version 7, and the same each time.
        isOfSetup || id[14] === "4" ? "00000000-0000-4000-8000-000000000000" : id,
      );
      text = text.replace(/localhost:\d+/g, "localhost:3000");
      if (isOfSetup) {
        text = text.replace(/(chk|sim)_[\w-]+/g, "$1_0000000000000000").replace(/\b\d+ ms/g, "0 ms");
      }
      node.textContent = text;
    }
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

async function look(page: Page, name: string, path: string, says: string | RegExp, open = async () => {}) {
  await page.clock.setFixedTime(NOW);
  await openPage(page, path, says);
  // Charts come after the page.
  await page.waitForLoadState("networkidle");
  // What a closed fold waits with is not seen.
  await expect(page.locator("main .animate-pulse").filter({ visible: true })).toHaveCount(0);
  await expect(page.locator(".recharts-responsive-container:not(:has(svg))")).toHaveCount(0);
  // A dialog that the address opens comes after the page too.
  if (/[?&](ask|new|share|connect|revert|invite)=/.test(path))
    await expect(page.locator("[role=dialog], [role=alertdialog]")).toBeVisible();
  await open();
  await hideWhatIsNew(page);
  expect(await settled(page)).toMatchSnapshot(`${name.replace(/\W+/g, "-")}.webp`);
}

for (const who of [owner, idle, staff, "nobody"] as const) {
  test.describe(who === "nobody" ? "without a sign-in" : `signed in as ${who}`, () => {
    if (who !== "nobody") test.use({ storageState: visualState(who) });
    for (const [name, , path, says] of pages.filter((page) => page[1] === who)) {
      if (!LEFT_OUT.has(name)) test(name, ({ page }) => look(page, name, path(places), says));
    }
    if (who !== owner) return;
    for (const [name, on, open] of opened) {
      test(name, async ({ page }, { project }) => {
        test.skip(!on.test(project.name));
        await look(page, name, `${places.shop}/api-keys`, "ks_test_", () => open(page));
      });
    }
  });
}
