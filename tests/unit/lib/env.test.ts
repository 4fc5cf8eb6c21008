import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { describeEnv, EnvError, envSchema, parseEnv } from "~/lib/env";
import { withEnvTable } from "../../../scripts/lib/env-table";

const SECRET = "a".repeat(32);

/** What a start with this environment would say, one entry a line. */
function problemsOf(source: Record<string, string | undefined>): readonly string[] {
  try {
    parseEnv(source);
    return [];
  } catch (error) {
    if (error instanceof EnvError) return error.problems;
    throw error;
  }
}

describe(".env.example", () => {
  it("names exactly the variables of the schema, each commented out and described", () => {
    const text = readFileSync(".env.example", "utf8");
    const named = [...text.matchAll(/^# ([A-Z][A-Z0-9_]*)=/gm)].map((match) => match[1]);
    expect(named).toEqual(Object.keys(envSchema.shape));
    for (const { description } of describeEnv()) expect(text).toContain(`# ${description}\n`);
    expect(text.split("\n").filter((line) => line !== "" && !line.startsWith("#"))).toEqual([]);
  });

  it("shows defaults that the schema really has", () => {
    const text = readFileSync(".env.example", "utf8");
    const shown = Object.fromEntries(
      [...text.matchAll(/^# ([A-Z][A-Z0-9_]*)=(.+)$/gm)].map((m) => [m[1], m[2]]),
    );
    const unset = parseEnv({});
    for (const [name, value] of Object.entries(shown)) {
      expect(String(unset[name as keyof typeof unset]), name).toBe(value);
    }
  });
});

describe("the pages and files for operators", () => {
  it("docs/operations.md has every variable as the schema describes it (npm run docs:env)", () => {
    const page = readFileSync("docs/operations.md", "utf8");
    expect(page).toBe(withEnvTable(page));
  });

  it("compose.yaml and deploy/kubernetes.yaml set variables that exist", () => {
    const names = [
      ...readFileSync("compose.yaml", "utf8").matchAll(/^ {2}([A-Z][A-Z_]+): /gm),
      ...readFileSync("compose.yaml", "utf8").matchAll(/^ {6}(RUN_JOBS|NODE_[A-Z]+): /gm),
      ...readFileSync("deploy/kubernetes.yaml", "utf8").matchAll(/name: ([A-Z][A-Z_]+),/g),
    ].map((match) => match[1]);
    expect(names.length).toBeGreaterThan(8);
    for (const name of names) expect(Object.keys(envSchema.shape)).toContain(name);
  });
});

describe("parseEnv", () => {
  it("needs nothing with the embedded database", () => {
    expect(parseEnv({})).toMatchObject({
      PORT: 3000,
      HOST: "127.0.0.1",
      APP_URL: "http://localhost:3000",
      APP_SECRET: null,
      ALLOW_LOCAL_WEBHOOKS: true,
      SEED_DEMO: true,
      TRUST_PROXY: false,
      RUN_JOBS: true,
    });
  });

  it("takes an empty value as unset", () => {
    expect(parseEnv({ PORT: "", APP_URL: " ", APP_SECRET: "" })).toMatchObject({
      PORT: 3000,
      APP_SECRET: null,
    });
  });

  it("offers a public origin to the network and forbids local webhooks there", () => {
    expect(parseEnv({ APP_URL: "https://pay.example.com/" })).toMatchObject({
      APP_URL: "https://pay.example.com",
      HOST: "0.0.0.0",
      ALLOW_LOCAL_WEBHOOKS: false,
    });
  });

  it("requires APP_SECRET with DATABASE_URL, and reads it as a ring", () => {
    const DATABASE_URL = "postgresql://localhost/kadosei";
    expect(problemsOf({ DATABASE_URL })).toEqual([
      expect.stringMatching(/^APP_SECRET is required with DATABASE_URL/),
    ]);
    const env = parseEnv({ DATABASE_URL, APP_SECRET: `${SECRET}, ${"b".repeat(40)}` });
    expect(env.APP_SECRET).toEqual([SECRET, "b".repeat(40)]);
    expect(env.SEED_DEMO).toBe(false);
  });

  it.each([
    [{ PORT: "80a" }, "PORT must be a whole number"],
    [{ PORT: "70000" }, "PORT must be from 0 to 65535"],
    [{ APP_URL: "pay.example.com" }, "APP_URL must be an origin like https://pay.example.com"],
    [{ APP_URL: "https://example.com/app" }, "APP_URL must be an origin like https://pay.example.com"],
    [{ LOG_LEVEL: "loud" }, "LOG_LEVEL must be one of silent, error, warn, info, debug"],
    [{ TRUST_PROXY: "maybe" }, "TRUST_PROXY must be true or false"],
    [{ APP_SECRET: "short" }, "APP_SECRET each secret must have at least 32 characters"],
  ])("refuses %o in one line that names the variable", (source, line) => {
    expect(problemsOf(source)).toEqual([line]);
  });

  it("never repeats a value: it may be a secret", () => {
    expect(problemsOf({ APP_SECRET: "hunter2" }).join()).not.toContain("hunter2");
  });

  it("tells every problem at once", () => {
    expect(problemsOf({ PORT: "x", LOG_LEVEL: "y" })).toHaveLength(2);
  });
});
