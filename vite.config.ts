import { vitePlugin as remix } from "@remix-run/dev";
import tailwindcss from "@tailwindcss/vite";
import { defineConfig, type Rollup } from "vite";
import remixConfig from "./remix.config.js";

/** Packages that nearly every page has, each of these in one file: together they are smaller than apart. */
const packages = {
  framework:
    /node_modules\/(@remix-run|react|react-dom|react-router|react-router-dom|scheduler|turbo-stream|use-sync-external-store)\/|^\0commonjsHelpers/,
  forms: /node_modules\/@conform-to\/(dom|react)\/|app\/components\/form\/use-form-validation\./,
  table: /node_modules\/@tanstack\/|app\/components\/data-table\/(data-table|sort-header|use-row-keys)\./,
  frame: /node_modules\/(class-variance-authority|clsx|tailwind-merge)\/|vite\/preload-helper/,
};

const root = new URL("./", import.meta.url).pathname;
let ownFiles: Map<string, string> | undefined;

/** Our own modules that these are made of, themselves included, without what comes by `import()`. */
function madeOf(modules: readonly string[], { getModuleInfo }: Rollup.ManualChunkMeta): Set<string> {
  const found = new Set(modules);
  for (const one of found) {
    for (const next of getModuleInfo(one)?.importedIds ?? []) {
      if (next.startsWith(`${root}app/`)) found.add(next);
    }
  }
  return found;
}

/** The file of each module that is around pages, or in more than a quarter of them and so comes with what is around. */
function findOwnFiles(meta: Rollup.ManualChunkMeta): Map<string, string> {
  const files = new Map<string, string>();
  const all = [...meta.getModuleIds()];
  const startingWith = (...names: string[]) =>
    all.filter((id) => names.some((name) => id.startsWith(`${root}app/${name}`)));
  const put = (id: string, file: string) => {
    if (!files.has(id)) files.set(id, file);
  };
  for (const id of madeOf(startingWith("entry.client.tsx", "root.tsx"), meta)) put(id, "frame");
  for (const id of madeOf(startingWith("routes/dashboard/layout.tsx", "routes/dashboard/scope.tsx"), meta)) {
    // Pages outside the dashboard are made of the same components, which know nothing of layouts and features.
    put(id, /\/app\/(components\/layout|features|routes)\//.test(id) ? "dashboard" : "frame");
  }
  const pages = startingWith("routes/dashboard/").filter((id) => id.endsWith("client-route"));
  const uses = new Map<string, number>();
  for (const page of pages) {
    for (const id of madeOf([page], meta)) uses.set(id, (uses.get(id) ?? 0) + 1);
  }
  for (const [id, count] of uses) if (count * 4 > pages.length) put(id, "dashboard");
  // A file of its own costs more than so little.
  for (const [id, count] of uses) {
    const { code, importedIds = [] } = meta.getModuleInfo(id) ?? {};
    const isAlone = importedIds.every((one) => files.get(one) === "frame" || packages.framework.test(one));
    if (count > 1 && isAlone && (code ?? "").length < 450) put(id, "frame");
  }
  return files;
}

/**
 * The browser's file that a module belongs to; Rollup finds the others. Left alone it makes a file for each set of
 * routes that share a module, because it does not know that a layout is there whenever a page inside it is. Nothing
 * of a file here may import one that Rollup made and that imports it: such a circle fails when it is loaded.
 */
function manualChunks(id: string, meta: Rollup.ManualChunkMeta) {
  ownFiles ??= findOwnFiles(meta);
  for (const [chunk, pattern] of Object.entries(packages)) if (pattern.test(id)) return chunk;
  return ownFiles.get(id);
}

export default defineConfig(({ isSsrBuild }) => ({
  plugins: [tailwindcss(), remix(remixConfig)],
  resolve: {
    alias: {
      "~": new URL("./app", import.meta.url).pathname,
      "victory-vendor/d3-scale": new URL("./app/components/charts/d3-scales.ts", import.meta.url).pathname,
      // React has it itself.
      "use-sync-external-store/shim": "use-sync-external-store",
    },
  },
  build: {
    target: "es2022",
    chunkSizeWarningLimit: 600,
    // A twentieth less than esbuild, in what is compressed.
    minify: isSsrBuild ? false : "terser",
    terserOptions: {
      ecma: 2020,
      safari10: false,
      // React Router's warnings are for who writes an app, not for who uses it.
      compress: {
        passes: 2,
        pure_funcs: ["warning", "warningOnce", "warnOnce", "logDeprecation", "logV6DeprecationWarnings"],
      },
    },
    // What a part that comes later needs; every page that asks for one has these already.
    modulePreload: {
      resolveDependencies: (_file, needed) =>
        needed.filter((file) => !/\/(framework|entry\.client|dashboard)-/.test(file)),
    },
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
