import { describeEnv } from "../../app/lib/env";

const BEGIN = "<!-- variables: written by npm run docs:env -->";
const END = "<!-- end of the variables -->";

/** The table of every variable, from the schema that reads them. */
function envTable(): string {
  const cell = (text: string) => text.replaceAll("|", "\\|");
  const rows = describeEnv().map(
    ({ name, description, fallback }) => `| \`${name}\` | ${cell(description)} | ${cell(fallback)} |`,
  );
  return ["| variable | what it is | default |", "|---|---|---|", ...rows].join("\n");
}

/** A page with its table as it should be. @throws Error when the page has no place for it. */
export function withEnvTable(page: string): string {
  const [before, rest] = page.split(BEGIN);
  const [, after] = rest?.split(END) ?? [];
  if (before === undefined || after === undefined) throw new Error(`the page has no "${BEGIN}" and "${END}"`);
  return `${before}${BEGIN}\n\n${envTable()}\n\n${END}${after}`;
}
