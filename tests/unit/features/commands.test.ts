import { describe, expect, it } from "vitest";
import { type Command, findCommands } from "~/features/navigation/commands";
import { sessionCommands } from "~/features/navigation/use-commands";

const commands: Command[] = [
  { id: "1", group: "Go to", label: "Overview" },
  { id: "2", group: "Go to", label: "API keys", keywords: "Configure" },
  { id: "3", group: "Actions", label: "Create a test API key", keywords: "new secret" },
  { id: "4", group: "Switch to", label: "Café Überall", note: "Application" },
  { id: "5", group: "Switch to", label: "Dark theme", keywords: "appearance" },
];
const found = (query: string) => findCommands(commands, query).map(({ label }) => label);

describe("the command menu", () => {
  it("offers everything while nothing is typed", () => {
    expect(found("  ")).toEqual(commands.map(({ label }) => label));
  });

  it("finds by every word, in label, keywords, note and group, the label's beginning first", () => {
    expect(found("api")).toEqual(["API keys", "Create a test API key"]);
    expect(found("key new")).toEqual(["Create a test API key"]);
    expect(found("cafe uber")).toEqual(["Café Überall"]);
    expect(found("switch appear")).toEqual(["Dark theme"]);
    expect(found("nothing")).toEqual([]);
  });

  it("keeps a group together under its best match", () => {
    expect(found("e").slice(0, 2)).toEqual(["Overview", "API keys"]);
    expect(found("dark")).toEqual(["Dark theme"]);
  });

  it("leads to the session of another mode, and to the search of this one", () => {
    const scope = { applicationId: "a", mode: "test" as const };
    const hit = {
      id: "s1",
      applicationId: "b",
      application: "Marketplace",
      mode: "live" as const,
      status: "FAILED" as const,
      order: "ORD-1",
      amount: "12.00",
      currency: "EUR",
      createdAt: "2026-11-21T00:00:00.000Z",
    };
    expect(sessionCommands(" a&b ", [hit], scope).map(({ to, note }) => [to, note])).toEqual([
      ["/apps/b/live/sessions/s1", "Failed, Marketplace, live"],
      ["/apps/a/test/sessions?q=a%26b", undefined],
    ]);
    expect(sessionCommands("", [], scope)).toEqual([]);
    expect(sessionCommands("x", [], null)).toEqual([]);
  });
});
