// npm run icons: the drawings of the icons that the app has. A test checks that they are current.
import { writeFileSync } from "node:fs";
import { ICON_SPRITE, iconSprite } from "./lib/icon-sprite";

writeFileSync(ICON_SPRITE, iconSprite());
console.log(`wrote ${ICON_SPRITE}`);
