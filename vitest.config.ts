import { defineConfig } from "vitest/config";

export default defineConfig({
  resolve: {
    alias: {
      "~": new URL("./app", import.meta.url).pathname,
      // Remix's plugin makes it of the whole app; here it is the API from source.
      "virtual:remix/server-build": new URL("./tests/support/api-build.ts", import.meta.url).pathname,
    },
  },
  test: {
    environment: "node",
    include: ["tests/unit/**/*.test.{ts,tsx}", "tests/integration/**/*.test.{ts,tsx}"],
    // Makes the migrated template once; closes what a file opened (tests/support/database.ts).
    globalSetup: ["tests/support/global-setup.ts"],
    setupFiles: ["tests/support/setup.ts"],
    pool: "forks",
    // A process keeps what it has loaded for the next file: the application is loaded once for each core, and not for
    // each of 140 files, which took longer than most of their tests. What a file opens it closes (setup.ts).
    isolate: false,
    // A run of its own uses every core; the default leaves one idle, which is half of a small machine.
    maxWorkers: "100%",
    retry: 0,
    // How long a condition is waited for: a busy machine takes its time.
    expect: { poll: { timeout: 15_000 } },
    testTimeout: 60_000,
    hookTimeout: 30_000,
  },
});
