import { defineConfig } from "@playwright/test";
import base from "./playwright.config";
import { TIME_ZONE } from "./prisma/seed/calendar";
import { chromiumOptions } from "./scripts/lib/chromium.mjs";

const desktop = { viewport: { width: 1440, height: 900 } };
const phone = { viewport: { width: 390, height: 844 } };

/**
 * `npm run test:visual`: the pages as pictures, in a process that stands still (tests/browser/support/stand-still.mjs),
 * compared with those in tests/browser/pictures. Not part of `npm test`: another machine has other fonts.
 */
export default defineConfig(base, {
  testMatch: "pictures.visual.ts",
  globalSetup: "./tests/browser/support/visual-setup.ts",
  outputDir: ".cache/visual-tests",
  snapshotPathTemplate: "tests/browser/pictures/{arg}-{projectName}{ext}",
  expect: {
    timeout: 20_000,
    toMatchSnapshot: { maxDiffPixelRatio: 0.001 },
  },
  reporter: [["list"]],
  use: {
    // The whole Chromium: what people see.
    launchOptions: await chromiumOptions(),
    timezoneId: TIME_ZONE,
    locale: "en-GB",
    reducedMotion: "reduce",
    trace: "off",
  },
  projects: [
    { name: "desktop-light", use: { ...desktop, colorScheme: "light" } },
    { name: "desktop-dark", use: { ...desktop, colorScheme: "dark" } },
    { name: "phone-light", use: { ...phone, colorScheme: "light" } },
    { name: "phone-dark", use: { ...phone, colorScheme: "dark" } },
  ],
});
