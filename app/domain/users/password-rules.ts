import { AppError } from "~/lib/errors";

/** Long passwords that everybody's guesses begin with, without spaces and signs. */
const COMMON = new Set([
  "passwordpassword",
  "password12345678",
  "password123456789",
  "passwordpassword1",
  "password1password1",
  "mypasswordismypassword",
  "thisismypassword",
  "iloveyouiloveyou",
  "letmeinletmeinletmein",
  "adminadminadminadmin",
  "administratoradmin",
  "welcometokadosei",
  "changemechangeme",
  "trustno1trustno1",
  "qwertyuiopasdfgh",
  "qwertyuiopasdfghjkl",
  "qwertyuiopasdfghjklzxcvbnm",
  "qwerty1234567890",
  "qwertyuiop123456",
  "qwertyuiop1234567890",
  "1qaz2wsx3edc4rfv",
  "1qaz2wsx3edc4rfv5tgb",
  "1q2w3e4r5t6y7u8i",
  "1q2w3e4r5t6y7u8i9o0p",
  "zaq12wsxcde34rfv",
  "asdfghjklasdfghjkl",
  "zxcvbnmzxcvbnmzxcvbnm",
]);

/** As long as a password may be; they are looked for backwards, too. */
const ALPHABETS = ["abcdefghijklmnopqrstuvwxyz".repeat(6), "0123456789".repeat(14)];

/** Fewer different characters than this are a pattern and no password. */
const MIN_DIFFERENT = 6;

const plain = (text: string) => text.toLowerCase().replace(/[^\p{L}\p{N}]/gu, "");

/** The shortest text that the whole repeats: "ab" of "ababab". */
function period(text: string): string {
  const at = (text + text).indexOf(text, 1);
  return text.slice(0, at);
}

/**
 * Why a password of allowed length would be guessed first, completing "Password …"; null when nothing speaks against
 * it. Rules on kinds of characters there are none: they make passwords worse.
 */
export function passwordWeakness(
  password: string,
  person: { email?: string; firstName?: string; lastName?: string; merchantName?: string },
): string | null {
  const typed = password.toLowerCase();
  if (new Set(typed).size < MIN_DIFFERENT) return "must not repeat a few characters";
  if (period(typed).length < 8) return "must not repeat the same few characters";
  const bare = plain(password);
  const isRow = (row: string) => row.includes(bare) || [...row].reverse().join("").includes(bare);
  if (bare.length >= 16 && ALPHABETS.some(isRow)) return "must not be a row of the alphabet or of digits";
  if (COMMON.has(bare)) return "is one of those that are guessed first";
  // What is known of the person, or of us, may be a part of it but not most of it.
  const known = [
    person.email,
    person.email?.split("@")[0],
    person.firstName,
    person.lastName,
    `${person.firstName ?? ""}${person.lastName ?? ""}`,
    person.merchantName,
    "kadosei",
    "password",
  ];
  const rest = known
    .map((word) => plain(word ?? ""))
    .filter((word) => word.length >= 4)
    .sort((a, b) => b.length - a.length)
    .reduce((text, word) => text.replaceAll(word, ""), bare);
  return rest.length < 8 && rest.length < bare.length
    ? "must not be made of your name, your e-mail or ours"
    : null;
}

/** @throws AppError VALIDATION_FAILED beside `field`. */
export function refuseWeakPassword(
  password: string,
  person: Parameters<typeof passwordWeakness>[1],
  field = "password",
): void {
  const weakness = passwordWeakness(password, person);
  if (weakness !== null) throw new AppError("VALIDATION_FAILED", { message: [`${field} ${weakness}`] });
}
