import { firstUpper } from "~/lib/first-upper";

const NOUNS: Readonly<Record<string, string>> = { api_key: "API key" };

/** `api_key.role_changed` → "API key role changed": every action reads as noun and past tense. */
export function actionWords(action: string): string {
  const [noun = "", verb = ""] = action.split(".");
  const words = NOUNS[noun] ?? noun.replaceAll("_", " ");
  return firstUpper(`${words} ${verb.replaceAll("_", " ")}`.trim());
}

/** "API key", "webhook endpoint". */
export function targetWords(targetType: string): string {
  return NOUNS[targetType] ?? targetType.replaceAll("_", " ");
}

export interface Difference {
  /** `weights.cost` */
  name: string;
  /** Null where there was, or is, nothing. */
  before: string | null;
  after: string | null;
}

type Values = Record<string, unknown>;

/** Every member of either side, nested ones by their path; lists as JSON. */
export function differencesOf(before: Values | null, after: Values | null): Difference[] {
  const [old, now] = [leaves(before), leaves(after)];
  return [...new Set([...old.keys(), ...now.keys()])].map((name) => ({
    name,
    before: old.get(name) ?? null,
    after: now.get(name) ?? null,
  }));
}

function leaves(values: Values | null, path = ""): Map<string, string> {
  const found = new Map<string, string>();
  for (const [name, value] of Object.entries(values ?? {})) {
    const whole = path === "" ? name : `${path}.${name}`;
    if (
      typeof value === "object" &&
      value !== null &&
      !Array.isArray(value) &&
      Object.keys(value).length > 0
    ) {
      for (const leaf of leaves(value as Values, whole)) found.set(...leaf);
    } else if (value !== null && value !== undefined) {
      found.set(whole, typeof value === "string" ? value : JSON.stringify(value));
    }
  }
  return found;
}
