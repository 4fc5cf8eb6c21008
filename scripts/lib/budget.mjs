// How much JavaScript each page loads, from the built manifest: what its document asks for at once, compressed.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

// Of its own: steps.mjs, which has it too, imports this file.
const root = fileURLToPath(new URL("../..", import.meta.url));
const CLIENT = join(root, "build/client");
const KIB = 1024;

const sizes = new Map();
function gzipped(path) {
  if (!sizes.has(path)) sizes.set(path, gzipSync(readFileSync(join(CLIENT, path))).length);
  return sizes.get(path);
}

/** The files that a file asks for by `import()`: not at once. */
function laterFiles(path) {
  const code = readFileSync(join(CLIENT, path), "utf8");
  return [...code.matchAll(/import\("\.\/([^"]+\.js)"\)/g)].map(([, name]) => `/assets/${name}`);
}

/** What a file imports at its top. */
function importsOf(path) {
  const code = readFileSync(join(CLIENT, path), "utf8");
  return [...code.matchAll(/(?:from|import)\s*"\.\/([^"]+\.js)"/g)].map(([, name]) => `/assets/${name}`);
}

/** A file and what it imports at its top. */
function withImports(path, found = new Set()) {
  if (found.has(path)) return found;
  found.add(path);
  for (const next of importsOf(path)) withImports(next, found);
  return found;
}

/** A file that imports itself by way of others, with that way: none of them is whole when another needs it. */
function circle(path, way = [], done = new Set()) {
  if (way.includes(path)) return [...way.slice(way.indexOf(path)), path];
  if (done.has(path)) return null;
  for (const next of importsOf(path)) {
    const found = circle(next, [...way, path], done);
    if (found) return found;
  }
  done.add(path);
  return null;
}

/**
 * Each page with the gzipped KiB that it loads at once, and the same with its charts, which come after it (null
 * without any). A plain page (components/layout/plain-page.ts) loads no file; its script is in the document.
 */
function pageSizes() {
  const manifestName = readdirSync(join(CLIENT, "assets")).find((name) => /^manifest-\w+\.js$/.test(name));
  const text = readFileSync(join(CLIENT, "assets", manifestName), "utf8");
  const { entry, routes } = JSON.parse(text.slice(text.indexOf("{"), text.lastIndexOf("}") + 1));
  const sum = (files) => [...files].reduce((total, file) => total + gzipped(file), 0) / KIB;
  for (const { module } of Object.values(routes)) {
    const way = circle(module);
    if (way) throw new Error(`Files of the browser import each other in a circle: ${way.join(" → ")}`);
  }
  const isParent = new Set(Object.values(routes).map(({ parentId }) => parentId));
  const pages = [];
  for (const route of Object.values(routes)) {
    if (isParent.has(route.id) || !isPage(route)) continue;
    if (isPlain(route)) {
      const script = readFileSync(join(root, "app/features/checkout/checkout-script.js"));
      pages.push({ id: route.id, kib: gzipSync(script).length / KIB, withCharts: null });
      continue;
    }
    const chain = [];
    for (let one = route; one; one = routes[one.parentId]) chain.push(one);
    const files = new Set([entry.module, ...entry.imports]);
    for (const { module, imports = [] } of chain) for (const file of [module, ...imports]) files.add(file);
    const charts = [...files].flatMap(laterFiles).filter((file) => /\.recharts-/.test(file));
    const all = new Set(files);
    for (const chart of charts) for (const file of withImports(chart)) all.add(file);
    pages.push({ id: route.id, kib: sum(files), withCharts: charts.length > 0 ? sum(all) : null });
  }
  return pages.sort((a, b) => b.kib - a.kib);
}

/** A route that draws something for users; others are files, forms' targets, the API, and pages for development. */
function isPage({ module, id }) {
  if (id === "root" || /^routes\/(api|dev)\//.test(id)) return false;
  return /\bas default\b|export default/.test(readFileSync(join(CLIENT, module), "utf8"));
}

const isPlain = ({ id }) => {
  const source = join(root, "app", `${id}.tsx`);
  return existsSync(source) && readFileSync(source, "utf8").includes("export const handle = plainPage");
};

/** What a page may load. */
const TARGET = { page: 120, charts: 220, plain: 30 };
/** With what a build fails: some more, because another machine's zlib may compress a little less. */
const CEILING = { page: 122, charts: 222, plain: 30 };

/**
 * The pages that load more than any may, each with its size. Fails where files of the browser's import each other in
 * a circle.
 */
export function overCeiling() {
  return pageSizes()
    .filter(
      ({ id, kib, withCharts }) =>
        kib > (isPlain({ id }) ? CEILING.plain : CEILING.page) || (withCharts ?? 0) > CEILING.charts,
    )
    .map(({ id, kib, withCharts }) => `${id} ${Math.max(kib, withCharts ?? 0).toFixed(1)} KiB`);
}

/** Prints every page's size. */
export function printBudget() {
  const pages = pageSizes();
  const column = (size) => (size === null ? "" : size.toFixed(1)).padStart(8);
  console.log(`JavaScript of each page, KiB gzipped (aim: ${TARGET.page}, with charts ${TARGET.charts})`);
  console.log("    page  charts");
  for (const { id, kib, withCharts } of pages) console.log(`${column(kib)}${column(withCharts)}  ${id}`);
  const within = pages.filter((page) => page.kib <= TARGET.page && (page.withCharts ?? 0) <= TARGET.charts);
  console.log(`${within.length} of ${pages.length} pages are within the aim`);
}
