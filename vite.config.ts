import { vitePlugin as remix } from "@remix-run/dev";
import tailwindcss from "@tailwindcss/vite";
import { defineConfig } from "vite";
import remixConfig from "./remix.config.js";

export default defineConfig({
  plugins: [tailwindcss(), remix(remixConfig)],
  resolve: { alias: { "~": new URL("./app", import.meta.url).pathname } },
  build: {
    target: "es2022",
    chunkSizeWarningLimit: 600,
    rollupOptions: {
      // Making a schema changes nothing: pages that use a contract's constants alone do without Zod.
      treeshake: { manualPureFunctions: ["z", "text", "decimalText", "integer", "listOf", "loose"] },
      // Below this, files are merged with others: dozens of requests, each of an icon, are slower and larger.
      output: { experimentalMinChunkSize: 8_000 },
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
});
