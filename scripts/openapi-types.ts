// npm run openapi:types: the TypeScript types of the API for merchants' programs. A test checks that they are current.
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { CLIENT_TYPES, clientTypes } from "./lib/client-types";
import { documentFromSource } from "./lib/openapi";

mkdirSync(dirname(CLIENT_TYPES), { recursive: true });
writeFileSync(CLIENT_TYPES, await clientTypes(await documentFromSource()));
console.log(`wrote ${CLIENT_TYPES}`);
