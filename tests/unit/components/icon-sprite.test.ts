import { readFileSync } from "node:fs";
import { createElement } from "react";
import { renderToStaticMarkup } from "react-dom/server";
import { expect, it } from "vitest";
import * as icons from "~/components/ui/icons";
import { ICON_SPRITE, iconSprite } from "../../../scripts/lib/icon-sprite";

it("the drawings are those of the icons that the app has (npm run icons)", () => {
  expect(readFileSync(ICON_SPRITE, "utf8")).toBe(iconSprite());
});

it("every icon points at a drawing", () => {
  const drawings = [...iconSprite().matchAll(/<symbol id="([^"]+)"/g)].map(([, id]) => id);
  const used = Object.values(icons).map(
    (icon) => /<use href="[^"#]*#([^"]+)"/.exec(renderToStaticMarkup(createElement(icon)))?.[1],
  );
  expect(used).toEqual(drawings);
});
