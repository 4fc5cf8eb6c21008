import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { extendTailwindMerge } from "tailwind-merge";
import { expect, it } from "vitest";
import { cn } from "~/components/ui/cn";

/** tailwind-merge as it comes, with the sizes that tailwind.config.ts adds: too large for every page. */
const full = extendTailwindMerge({
  extend: { theme: { spacing: ["control", "row", "row-compact", "topbar", "testbar", "sidebar"] } },
});

/** Every word of a text in the app's components, without what comes before its last colon. */
function wordsOfTheApp(): string[] {
  const words = new Set<string>();
  const files = readdirSync("app", { recursive: true, encoding: "utf8" }).filter((name) =>
    name.endsWith(".tsx"),
  );
  for (const file of files) {
    const source = readFileSync(join("app", file), "utf8");
    for (const [, text = ""] of source.matchAll(/["`]([^"`\n]*)["`]/g))
      for (const word of text.split(/\s+/)) words.add(word.replace(/^(?:[\w-]+:)+/, ""));
  }
  return [...words];
}

/** One word for all that differ in a number only: what holds for `p-4` holds for `p-6`. */
function withoutLikes(words: readonly string[]): string[] {
  const kinds = new Map<string, string>();
  for (const word of words) kinds.set(word.replace(/\d+(\.\d+)?/g, "1"), word);
  return [...kinds.values()];
}

it("merges the app's classes as tailwind-merge's own configuration does", () => {
  const words = wordsOfTheApp();
  // A class that it knows is one that it takes away before itself.
  const isClass = (word: string) => full(`${word} ${word}`) === word || cn(word, word) === word;
  const classes = withoutLikes(words.filter((word) => word !== "" && isClass(word)));
  expect(classes.length).toBeGreaterThan(200);
  const differences: string[] = [];
  for (const before of classes)
    for (const after of classes) {
      // The same class twice is as good as once.
      if (before === after) continue;
      const pair = `${before} ${after}`;
      if (cn(pair) !== full(pair)) differences.push(`${pair} → ${cn(pair)}, not ${full(pair)}`);
    }
  expect(differences).toEqual([]);
});
