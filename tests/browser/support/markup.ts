import type { BrowserContext, Page } from "@playwright/test";

/** Markup that runs `xss()` where it is not shown as text. */
export const PAYLOAD = `"><img src=x onerror=xss()><script>xss()</script>`;
/** The same for where a script is written. */
export const CLOSING = `</script><script>xss()</script>\${xss()}{{xss()}}`;

/** What pages broke of their Content-Security-Policy, and every script of an attacker that ran. */
export async function collectReports(context: BrowserContext): Promise<string[]> {
  const reports: string[] = [];
  await context.exposeFunction("report", (text: string) => void reports.push(text));
  await context.addInitScript(() => {
    const { report } = window as unknown as { report(text: string): void };
    Object.assign(window, { xss: () => report(`a script ran on ${location.pathname}`) });
    document.addEventListener("securitypolicyviolation", (event) =>
      report(`${event.violatedDirective} on ${location.pathname}: ${event.blockedURI} ${event.sample}`),
    );
  });
  context.on("dialog", (dialog) => {
    reports.push(`a dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  return reports;
}

/** Until React has taken the page over. A plain page is whole as it comes. A live page's stream never ends: no waiting for quiet. */
export async function settle(page: Page): Promise<void> {
  await page.waitForFunction(
    () =>
      document.querySelector("script[type=module]") === null ||
      Object.keys(document.querySelector("main") ?? {}).some((name) => name.startsWith("__react")),
  );
}

/** Looks at pages that have markup in their texts; gives those that show it as what was typed. */
export async function lookAt(page: Page, places: readonly string[]): Promise<string[]> {
  const shown: string[] = [];
  for (const place of places) {
    await page.goto(place);
    await settle(page);
    if ((await page.locator("body").innerText()).includes("onerror=xss()")) shown.push(place);
    if ((await page.locator("img[src=x]").count()) > 0)
      throw new Error(`markup became an element on ${place}`);
  }
  return shown;
}
