// npm start, npm run worker: from a fresh clone to a running server. Installs and builds what is missing
// or old, then becomes the server: same process, so signals and the exit code are its own.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { exitWith, prepare, root } from "./lib/steps.mjs";

try {
  process.chdir(root);
  if (!existsSync("node_modules"))
    console.log("First start: packages, build and database take a minute or two.");
  await prepare();
} catch (error) {
  exitWith(error);
}
process.env.NODE_ENV = "production";
await import(pathToFileURL(join(root, "build/server.js")).href);
