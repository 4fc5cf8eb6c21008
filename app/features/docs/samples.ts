/** One call of the API, as samples and guides show it. */
export interface SampleCall {
  method: string;
  /** Absolute. */
  url: string;
  headers: [name: string, value: string][];
  /** A JSON value; undefined for none. */
  body?: unknown;
}

export const sampleLanguages = ["curl", "Python", "JavaScript", "Go", "Ruby"] as const;
export type SampleLanguage = (typeof sampleLanguages)[number];

/** The same call in every language: each runs as it is once the key and the ids are put in. */
export function samplesOf(call: SampleCall): Record<SampleLanguage, string> {
  return {
    curl: curl(call),
    Python: python(call),
    JavaScript: javaScript(call),
    Go: go(call),
    Ruby: ruby(call),
  };
}

const json = (value: unknown, indent = 2) => JSON.stringify(value, null, indent);
/** A string of JSON is one of JavaScript, Python and Go too. */
const quoted = (text: string) => JSON.stringify(text);

function curl({ method, url, headers, body }: SampleCall): string {
  const lines = [`curl${method === "GET" ? "" : ` -X ${method}`} ${shell(url)}`];
  for (const [name, value] of headers) lines.push(`  -H ${shell(`${name}: ${value}`)}`);
  if (body !== undefined) lines.push(`  -d ${shell(json(body))}`);
  return lines.join(" \\\n");
}

/** In single quotes, where only themselves mean something. */
const shell = (text: string) =>
  /^[\w:/.=&?,-]+$/.test(text) ? `"${text}"` : `'${text.replaceAll("'", `'\\''`)}'`;

function python({ method, url, headers, body }: SampleCall): string {
  const lines = [
    "import requests",
    "",
    `response = requests.${method.toLowerCase()}(`,
    `    ${quoted(url)},`,
  ];
  if (headers.length > 0) {
    lines.push("    headers={");
    for (const [name, value] of headers) lines.push(`        ${quoted(name)}: ${quoted(value)},`);
    lines.push("    },");
  }
  if (body !== undefined) lines.push(`    json=${pythonValue(body, 4)},`);
  // Where there is no body, there is nothing to parse.
  lines.push(")", "print(response.status_code)", "print(response.text)");
  return lines.join("\n");
}

function pythonValue(value: unknown, indent: number): string {
  if (value === null) return "None";
  if (typeof value === "boolean") return value ? "True" : "False";
  if (typeof value !== "object") return JSON.stringify(value);
  const pad = " ".repeat(indent + 4);
  const end = " ".repeat(indent);
  if (Array.isArray(value)) {
    if (value.length === 0) return "[]";
    return `[\n${value.map((item) => `${pad}${pythonValue(item, indent + 4)},\n`).join("")}${end}]`;
  }
  const members = Object.entries(value);
  if (members.length === 0) return "{}";
  return `{\n${members.map(([name, item]) => `${pad}${quoted(name)}: ${pythonValue(item, indent + 4)},\n`).join("")}${end}}`;
}

function javaScript({ method, url, headers, body }: SampleCall): string {
  const options: string[] = [];
  if (method !== "GET") options.push(`  method: ${quoted(method)},`);
  if (headers.length > 0) {
    options.push("  headers: {");
    for (const [name, value] of headers) options.push(`    ${quoted(name)}: ${quoted(value)},`);
    options.push("  },");
  }
  if (body !== undefined) {
    const text = json(body).replaceAll("\n", "\n  ");
    options.push(`  body: JSON.stringify(${text}),`);
  }
  const call =
    options.length === 0 ? `fetch(${quoted(url)})` : `fetch(${quoted(url)}, {\n${options.join("\n")}\n})`;
  return `const response = await ${call};\nconsole.log(response.status);\nconsole.log(await response.text());`;
}

function go({ method, url, headers, body }: SampleCall): string {
  const text = body === undefined ? undefined : json(body);
  const imports = ["fmt", "io", "net/http", ...(text === undefined ? [] : ["strings"])];
  const payload =
    text === undefined
      ? "nil"
      : text.includes("`")
        ? `strings.NewReader(${quoted(text)})`
        : `strings.NewReader(\`${text}\`)`;
  return `package main

import (
${imports.map((name) => `\t"${name}"`).join("\n")}
)

func main() {
\trequest, err := http.NewRequest(${quoted(method)}, ${quoted(url)}, ${payload})
\tif err != nil {
\t\tpanic(err)
\t}
${headers.map(([name, value]) => `\trequest.Header.Set(${quoted(name)}, ${quoted(value)})\n`).join("")}
\tresponse, err := http.DefaultClient.Do(request)
\tif err != nil {
\t\tpanic(err)
\t}
\tdefer response.Body.Close()
\tanswer, err := io.ReadAll(response.Body)
\tif err != nil {
\t\tpanic(err)
\t}
\tfmt.Println(response.StatusCode)
\tfmt.Println(string(answer))
}`;
}

function ruby({ method, url, headers, body }: SampleCall): string {
  const single = (text: string) => `'${text.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;
  const verb = method.charAt(0) + method.slice(1).toLowerCase();
  const lines = [
    "require 'net/http'",
    "",
    `uri = URI(${single(url)})`,
    `request = Net::HTTP::${verb}.new(uri)`,
  ];
  for (const [name, value] of headers) lines.push(`request[${single(name)}] = ${single(value)}`);
  if (body !== undefined) lines.push(`request.body = ${single(json(body))}`);
  lines.push(
    "",
    "response = Net::HTTP.start(uri.host, uri.port, use_ssl: uri.scheme == 'https') { |http| http.request(request) }",
    "puts response.code",
    "puts response.body",
  );
  return lines.join("\n");
}
