import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as lucide from "lucide-react";
import { type ComponentType, createElement } from "react";
import { renderToStaticMarkup } from "react-dom/server";
import { root } from "./steps.mjs";

const ICONS = join(root, "app/components/ui/icons.ts");
export const ICON_SPRITE = join(root, "app/components/ui/icons.svg");

/** The icons of `icons.ts` as Lucide draws them, a `symbol` each; colour and width come from where one is used. */
export function iconSprite(): string {
  const drawings = lucide as unknown as Record<string, ComponentType>;
  const icons = readFileSync(ICONS, "utf8").matchAll(/^export const (\w+) = drawnAs\("([\w-]+)"\);$/gm);
  const symbols = [...icons].map(([, name = "", id]) => {
    const drawing = drawings[name];
    if (drawing === undefined) throw new Error(`Lucide has no icon ${name}`);
    const inside = /^<svg [^>]*>(.+)<\/svg>$/.exec(renderToStaticMarkup(createElement(drawing)))?.[1];
    if (inside === undefined) throw new Error(`Lucide's ${name} is not drawn as one svg`);
    return `<symbol id="${id}" viewBox="0 0 24 24">${inside.replaceAll(/><\/\w+>/g, "/>")}</symbol>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg">\n${symbols.join("\n")}\n</svg>\n`;
}
