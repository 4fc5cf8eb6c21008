import { describe, expect, it } from "vitest";
import { handleOf, mentionsOf, notePieces } from "~/domain/sessions/mentions";

const member = (id: string, firstName: string, lastName: string) => ({
  id,
  firstName,
  lastName,
  email: `${id}@shop.example`,
});
const tom = member("tom", "Tom", "Reyes");
const kofi = member("kofi", "Kofi", "Mensah");
const team = [tom, kofi, member("ann", "Ann", "Lee"), member("anna", "Ann", "Lund")];

describe("a mention", () => {
  it.each([
    ["a whole name", "Ask @Tom Reyes about it", ["tom"]],
    ["whatever its case", "@tOM rEYES", ["tom"]],
    ["a first name that one member has", "@Kofi, please", ["kofi"]],
    ["an e-mail address", "(@tom@shop.example)", ["tom"]],
    ["several, each once", "@Tom Reyes @Kofi @Tom", ["tom", "kofi"]],
    ["the longer name of two that fit", "@Ann Lund", ["anna"]],
  ])("is %s", (_, body, expected) => {
    expect(mentionsOf(body, team)).toEqual(expected);
  });

  it.each([
    ["a name that two share", "@Ann"],
    ["a name that goes on", "@Tommy and @Kofi2"],
    ["an e-mail address of somebody else", "write to jane@Tom.example or jane@Kofi"],
    ["nobody of the team", "@Maria @ @@"],
  ])("is not %s", (_, body) => {
    expect(mentionsOf(body, team)).toEqual([]);
  });

  it("is offered as the name, or as the address where two members are called alike", () => {
    const twin = member("tom2", "Tom", "Reyes");
    expect(handleOf(kofi, team)).toBe("Kofi Mensah");
    for (const one of [tom, twin]) {
      expect(handleOf(one, [...team, twin])).toBe(one.email);
      expect(mentionsOf(`@${one.email} `, [...team, twin])).toEqual([one.id]);
    }
  });

  it("is a piece of the note, which is whole in its pieces", () => {
    const body = "Hi @Tom Reyes, and @Kofi!\nBye @nobody";
    const pieces = notePieces(body, team);
    expect(pieces.map(({ text }) => text).join("")).toBe(body);
    expect(pieces.filter(({ userId }) => userId !== null)).toEqual([
      { text: "@Tom Reyes", userId: "tom" },
      { text: "@Kofi", userId: "kofi" },
    ]);
  });
});
