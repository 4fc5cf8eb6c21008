import { type BrowserContext, test as base, expect, type Page } from "@playwright/test";
import { Api } from "./api";
import { takenOver } from "./pages";
import { idle, newcomer, owner, password, staff } from "./people.mjs";

export { expect } from "@playwright/test";
export { idle, newcomer, owner } from "./people.mjs";

type State = Awaited<ReturnType<BrowserContext["storageState"]>>;

interface Shared {
  /** Cookies of a browser in which somebody is signed in, by e-mail; each signs in once. */
  states: Record<string, State>;
  /** The management API, as the demo merchant's owner. */
  api: Api;
  /** The same, for the merchant that has nothing. */
  idleApi: Api;
  /** Where the demo's web shop is, in test mode: "/" leads to whatever application has the newest session. */
  shop: string;
}

/** What a browser had to say against a page: errors on the console and in scripts, React's hydration errors among them. */
export function watchForErrors(context: BrowserContext): string[] {
  const errors: string[] = [];
  context.on("weberror", (error) => {
    errors.push(`${error.page()?.url()}: ${error.error().message}`);
  });
  context.on("console", (message) => {
    if (message.type() !== "error") return;
    // The browser's own line for a page that answers 4xx, which some tests ask for.
    const isAnswer = /^Failed to load resource: .*status of 4\d\d/.test(message.text());
    if (isAnswer && !message.location().url.includes("/assets/")) return;
    // Remix's own line for an answer that a later navigation made needless while it was being read.
    if (message.text().startsWith("AbortError: signal is aborted without reason")) return;
    errors.push(`${message.page()?.url()}: ${message.text()}`);
  });
  return errors;
}

export const test = base.extend<{ errors: string[] }, Shared & { origin: string }>({
  origin: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of what is asked for
    async ({}, use, info) => use(info.project.use.baseURL!),
    { scope: "worker" },
  ],
  states: [
    async ({ playwright, origin }, use) => {
      const states: Record<string, State> = {};
      const enter = async () => {
        for (const email of [owner, newcomer, idle, staff]) {
          // Without this it has the cookies of whatever test is running, and signing in ends the session they are of.
          const storageState = { cookies: [], origins: [] };
          const request = await playwright.request.newContext({ baseURL: origin, storageState });
          const form = { intent: "password", email, password, returnTo: "/" };
          const reply = await request.post("/sign-in", { form, maxRedirects: 0, headers: { origin } });
          expect(reply.status()).toBe(302);
          states[email] = await request.storageState();
          await request.dispose();
        }
      };
      await enter();
      // After 15 minutes forms that make secrets ask for the password: tests of other things start sooner than that.
      const again = setInterval(() => void enter().catch(() => undefined), 6 * 60_000);
      await use(states);
      clearInterval(again);
    },
    { scope: "worker" },
  ],
  api: [
    async ({ playwright, origin }, use) => {
      const request = await playwright.request.newContext();
      await use(await Api.signIn(request, origin, owner));
      await request.dispose();
    },
    { scope: "worker" },
  ],
  idleApi: [
    async ({ playwright, origin }, use) => {
      const request = await playwright.request.newContext();
      await use(await Api.signIn(request, origin, idle));
      await request.dispose();
    },
    { scope: "worker" },
  ],
  shop: [
    async ({ api }, use) => {
      const { body } = await api.call("GET", "/applications?limit=100");
      const { id } = body.items.find(({ name }: { name: string }) => name === "Web shop");
      await use(`/apps/${id}/test`);
    },
    { scope: "worker" },
  ],
  // A key that is pressed before React listens is nobody's, and a slow machine is late with it.
  page: async ({ page, javaScriptEnabled }, use) => {
    if (javaScriptEnabled !== false) {
      for (const name of ["goto", "reload"] as const) {
        const load = page[name].bind(page) as (...given: unknown[]) => ReturnType<Page["reload"]>;
        page[name] = async (...given: unknown[]) => {
          const answer = await load(...given);
          await takenOver(page);
          return answer;
        };
      }
    }
    await use(page);
  },
  // Every test with a page also proves that nothing was wrong in the browser.
  errors: [
    async ({ context }, use) => {
      const errors = watchForErrors(context);
      await use(errors);
      expect(errors, "errors in the browser").toEqual([]);
    },
    { auto: true },
  ],
});

export async function signIn(page: Page, email: string): Promise<void> {
  await page.goto("/sign-in");
  await page.getByLabel("E-mail").fill(email);
  await page.getByLabel("Password", { exact: true }).fill(password);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await page.waitForURL((url) => url.pathname !== "/sign-in");
}

/** Waits for the answer to what a dialog asked: as long as it is open, nothing behind it has a role. */
export async function answered(page: Page): Promise<void> {
  await expect(page.getByRole("alertdialog")).toHaveCount(0);
}
