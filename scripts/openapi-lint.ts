// Part of npm run validate: Spectral's own rules for OpenAPI (spectral:oas), all of them, on the document from
// source. A warning fails too. Works without a network.
import spectral, { type RulesetDefinition } from "@stoplight/spectral-core";
import rulesets from "@stoplight/spectral-rulesets";
import { documentFromSource } from "./lib/openapi";

const linter = new spectral.Spectral();
linter.setRuleset({
  extends: [[rulesets.oas as RulesetDefinition, "all"]],
  rules: {
    // Tags are in the order in which somebody needs them.
    "openapi-tags-alphabetical": "off",
    // An instance's operator may have neither an address for mail nor a licence with a page of its own.
    "contact-properties": "off",
    "license-url": "off",
  },
});
const results = await linter.run(JSON.parse(JSON.stringify(await documentFromSource())));
for (const { code, message, path } of results) console.error(`${path.join(".")}: ${message} (${code})`);
console.log(`Spectral: ${results.length} problems`);
process.exitCode = results.length === 0 ? 0 : 1;
