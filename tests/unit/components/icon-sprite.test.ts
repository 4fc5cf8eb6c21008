import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { ICON_SPRITE, iconSprite } from "../../../scripts/lib/icon-sprite";

it("the drawings are those of the icons that the app has (npm run icons)", () => {
  expect(readFileSync(ICON_SPRITE, "utf8")).toBe(iconSprite());
});
