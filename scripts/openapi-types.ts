// npm run openapi:types: writes clients/kadosei.d.ts, the TypeScript types of the API for merchants' programs.
// With --check it only compares, for npm run validate.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import openapiTS, { astToString } from "openapi-typescript";
import { documentFromSource } from "./lib/openapi";

const FILE = "clients/kadosei.d.ts";
const HEAD = `/**
 * Types of the Kadosei API, made from its OpenAPI document by \`npm run openapi:types\`: do not edit.
 * Made for openapi-fetch: \`createClient<paths>({ baseUrl: "https://…" })\`.
 */
`;

// As text: from an object, openapi-typescript takes what it finds as already resolved.
const made = HEAD + astToString(await openapiTS(JSON.stringify(await documentFromSource())));
if (process.argv.includes("--check")) {
  let current = "";
  try {
    current = readFileSync(FILE, "utf8");
  } catch {}
  if (current !== made) {
    console.error(`${FILE} is not of this API: run npm run openapi:types, and commit it`);
    process.exitCode = 1;
  }
} else {
  mkdirSync("clients", { recursive: true });
  writeFileSync(FILE, made);
  console.log(`wrote ${FILE}`);
}
