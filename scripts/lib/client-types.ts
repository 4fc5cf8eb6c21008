import openapiTS, { astToString } from "openapi-typescript";
import type { OpenApiDocument } from "~/contracts/openapi";

export const CLIENT_TYPES = "clients/kadosei.d.ts";

const HEADER = `/**
 * Types of the Kadosei API, made from its OpenAPI document by \`npm run openapi:types\`: do not edit.
 * Made for openapi-fetch: \`createClient<paths>({ baseUrl: "https://…" })\`.
 */
`;

/** The TypeScript types of a document, as they are committed in `CLIENT_TYPES`. */
export async function clientTypes(document: OpenApiDocument): Promise<string> {
  // As text: of an object, openapi-typescript takes the references for resolved.
  return HEADER + astToString(await openapiTS(JSON.stringify(document)));
}
