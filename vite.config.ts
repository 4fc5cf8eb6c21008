import { vitePlugin as remix } from "@remix-run/dev";
import tailwindcss from "@tailwindcss/vite";
import { defineConfig, type Rollup } from "vite";
import remixConfig from "./remix.config.js";

/** Packages that nearly every page has, each of these in one file: together they are smaller than apart. */
const packages = {
  framework:
    /node_modules\/(@remix-run|react|react-dom|react-router|react-router-dom|scheduler|turbo-stream)\//,
  icons: /node_modules\/lucide-react\//,
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
let iconUsers: Map<string, string[]> | undefined;

/** The modules of ours that have an icon, by the icon's file name: "trash-2". */
function findIconUsers({ getModuleIds, getModuleInfo }: Rollup.ManualChunkMeta): Map<string, string[]> {
  const users = new Map<string, string[]>();
  for (const id of getModuleIds()) {
    if (!id.startsWith(`${root}app/`)) continue;
    const code = getModuleInfo(id)?.code ?? "";
    for (const [, names = ""] of code.matchAll(/import\s*\{([^}]*)\}\s*from\s*"lucide-react"/g)) {
      for (const name of names.split(",")) {
        const [exported = ""] = name.trim().split(" ");
        const file = exported.replace(/(?<=[a-z])(?=[A-Z\d])/g, "-").toLowerCase();
        users.set(file, [...(users.get(file) ?? []), id]);
      }
    }
  }
  return users;
}

/**
 * The browser's file that a module belongs to; Rollup finds the others. Left alone it makes a file for each set of
 * routes that share a module, because it does not know that a layout is there whenever a page inside it is. Nothing
 * of a file here may import one that Rollup made and that imports it: such a circle fails when it is loaded.
 */
function manualChunks(id: string, meta: Rollup.ManualChunkMeta) {
  const { getModuleIds, getModuleInfo } = meta;
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
  const [, icon] = /\/lucide-react\/.*\/icons\/([a-z\d-]+)\.m?js$/.exec(id) ?? [];
  if (icon !== undefined) {
    iconUsers ??= findIconUsers(meta);
    const [user, ...others] = iconUsers.get(icon) ?? [];
    // An icon that one module alone has goes with it.
    if (user !== undefined && others.length === 0) return ownFiles.get(user);
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
    noExternal: ["lucide-react", "recharts", "radix-ui", /^@radix-ui\//, "@tanstack/react-table"],
  },
}));
