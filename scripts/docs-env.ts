// npm run docs:env: writes the table of variables into docs/operations.md.
import { readFileSync, writeFileSync } from "node:fs";
import { withEnvTable } from "./lib/env-table";

const page = "docs/operations.md";
writeFileSync(page, withEnvTable(readFileSync(page, "utf8")));
console.log(`${page} has the variables as the program reads them`);
