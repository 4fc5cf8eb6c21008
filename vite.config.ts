import { vitePlugin as remix } from "@remix-run/dev";
import tailwindcss from "@tailwindcss/vite";
import { defineConfig } from "vite";
import remixConfig from "./remix.config.js";

/** The form library: a chunk of its own, or the small parts that every page has would bring it along. */
const FORMS = /\/node_modules\/@conform-to\/(react|dom)\//;

export default defineConfig(({ isSsrBuild }) => ({
  plugins: [tailwindcss(), remix(remixConfig)],
  resolve: { alias: { "~": new URL("./app", import.meta.url).pathname } },
  build: {
    target: "es2022",
    chunkSizeWarningLimit: 600,
    rollupOptions: {
      // Making a schema changes nothing: pages that use a contract's constants alone do without Zod.
      treeshake: { manualPureFunctions: ["z", "text", "decimalText", "integer", "listOf", "loose"] },
      output: isSsrBuild
        ? {}
        : {
            // Below this, files are merged with others: dozens of requests, each of an icon, are slower and larger.
            experimentalMinChunkSize: 3_000,
            onlyExplicitManualChunks: true,
            manualChunks: (id) => (FORMS.test(id) ? "forms" : undefined),
          },
    },
  },
  // Routes name server packages, which Remix takes out of browser code; Vite's scan for dev sees them first.
  optimizeDeps: {
    exclude: [
      "@electric-sql/pglite",
      "@node-rs/argon2",
      "@prisma/adapter-pg",
      "@prisma/client",
      "@prisma/schema-engine-wasm",
      "pg",
      "pg-boss",
      "pglite-prisma-adapter",
      "pino",
      "undici",
    ],
  },
  ssr: {
    // Bundled into the server build: nearly halves its start.
    noExternal: ["lucide-react", "recharts", "radix-ui", /^@radix-ui\//, "@tanstack/react-table"],
  },
}));
