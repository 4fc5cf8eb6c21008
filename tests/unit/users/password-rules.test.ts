import { describe, expect, it } from "vitest";
import { newPasswordSchema } from "~/contracts/auth";
import { passwordWeakness } from "~/domain/users/password-rules";

const person = {
  email: "mara.okafor@outfitters.test",
  firstName: "Mara",
  lastName: "Okafor",
  merchantName: "Demo Outfitters",
};

describe("a password's length (api.md §4)", () => {
  it("is 16 to 128 characters of any kind, taken as they are", () => {
    expect(newPasswordSchema.safeParse("x".repeat(15)).success).toBe(false);
    expect(newPasswordSchema.safeParse("x".repeat(129)).success).toBe(false);
    for (const password of [
      "x".repeat(16),
      "x".repeat(128),
      "  spaces at the ends  ",
      "пароль из слов 🙂🙂",
    ]) {
      expect(newPasswordSchema.parse(password)).toBe(password);
    }
  });
});

describe("a password's weakness", () => {
  it.each([
    ["aaaaaaaaaaaaaaaaaaaa"],
    ["1212121212121212"],
    ["abcdefabcdefabcdef"],
    ["abcdefghijklmnopqrs"],
    ["12345678901234567890"],
    ["Password Password!"],
    ["1qaz2wsx3edc4rfv"],
    ["mara.okafor@outfitters.test"],
    ["Mara Okafor 2026"],
    ["DemoOutfitters1!"],
    ["kadosei kadosei 1"],
  ])("is found in %s", (password) => {
    expect(passwordWeakness(password, person)).not.toBeNull();
  });

  it.each([
    ["correct horse battery staple"],
    ["seventeen green bicycles"],
    ["kJ8#x!pQ2$wR9&zT"],
    ["!@#$%^&*()_+{}|:<>?"],
    ["Mara rides seventeen green bicycles"],
    ["зелёный чайник и семь облаков"],
  ])("is not found in %s", (password) => {
    expect(passwordWeakness(password, person)).toBeNull();
  });
});
