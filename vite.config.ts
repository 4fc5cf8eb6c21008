import { vitePlugin as remix } from "@remix-run/dev";
import tailwindcss from "@tailwindcss/vite";
import { defineConfig, type Rollup } from "vite";
import remixConfig from "./remix.config.js";

/** Packages that nearly every page has, each of these in one file: together they are smaller than apart. */
const packages = {
  framework:
    /node_modules\/(@remix-run|react|react-dom|react-router|react-router-dom|scheduler|turbo-stream)\//,
  forms: /node_modules\/@conform-to\/(dom|react)\//,
  frame:
    /node_modules\/(@radix-ui\/react-(slot|compose-refs)|class-variance-authority|clsx|tailwind-merge)\/|vite\/preload-helper/,
};
/** Our own modules around every page, and around those of the dashboard. */
const around = {
  frame: ["app/entry.client.tsx", "app/root.tsx"],
  dashboard: ["app/routes/dashboard/layout.tsx"],
};

const root = new URL("./", import.meta.url).pathname;
let ownFiles: Map<string, string> | undefined;

/**
 * The browser's file that a module belongs to; Rollup finds the others. Left alone it makes a file for each set of
 * routes that share a module, because it does not know that a layout is there whenever a page inside it is. Nothing
 * of a file here may import one that Rollup made and that imports it: such a circle fails when it is loaded.
 */
function manualChunks(id: string, { getModuleIds, getModuleInfo }: Rollup.ManualChunkMeta) {
  if (ownFiles === undefined) {
    ownFiles = new Map();
    for (const [chunk, modules] of Object.entries(around)) {
      const found = [...getModuleIds()].filter((one) =>
        modules.some((module) => one.startsWith(root + module)),
      );
      for (const one of found) {
        if (ownFiles.has(one) || !one.startsWith(`${root}app/`)) continue;
        // Pages outside the dashboard are made of the same components, which know nothing of layouts and features.
        ownFiles.set(one, /\/app\/(components\/layout|features|routes)\//.test(one) ? chunk : "frame");
        found.push(...(getModuleInfo(one)?.importedIds ?? []));
      }
    }
  }
  for (const [chunk, pattern] of Object.entries(packages)) if (pattern.test(id)) return chunk;
  return ownFiles.get(id);
}

export default defineConfig(({ isSsrBuild }) => ({
  plugins: [tailwindcss(), remix(remixConfig)],
  resolve: { alias: { "~": new URL("./app", import.meta.url).pathname } },
  build: {
    target: "es2022",
    chunkSizeWarningLimit: 600,
    // A twentieth less than esbuild, in what is compressed.
    minify: isSsrBuild ? false : "terser",
    rollupOptions: {
      // Making a schema changes nothing: pages that use a contract's constants alone do without Zod.
      treeshake: { manualPureFunctions: ["z", "text", "decimalText", "integer", "listOf", "loose"] },
      output: isSsrBuild ? {} : { manualChunks, onlyExplicitManualChunks: true },
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
    noExternal: ["recharts", "radix-ui", /^@radix-ui\//, "@tanstack/react-table"],
  },
}));
