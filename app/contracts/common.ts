import { z } from "zod";
import { JsonNumber } from "~/lib/json-number";
import { isCurrentCurrency, parseDecimal } from "~/lib/money";

// Messages follow the field's path in every error (api.md §2: "orderItems.0.quantity must be …"), so
// each starts with a verb.

/** Halves of a surrogate pair on their own: no UTF-8 can hold them, and jsonb refuses them. */
const LONE_SURROGATE = /\p{Surrogate}/u;

/** Trimmed text of `min` to `max` characters, well-formed and without control characters. */
export function text(max: number, min = 1) {
  return (
    z
      .string({ error: (issue) => (issue.input === undefined ? "is required" : "must be a string") })
      .trim()
      .min(min, min === 1 ? "must not be empty" : `must have at least ${min} characters`)
      .max(max, `must have at most ${max} characters`)
      // biome-ignore lint/suspicious/noControlCharactersInRegex: refusing them is the purpose
      .regex(/^[^\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F]*$/, "must not contain control characters")
      .refine((value) => !LONE_SURROGATE.test(value), "must be well-formed Unicode")
  );
}

/** Where PostgreSQL's years, JavaScript's and ISO 8601's four digits agree. */
export function isStorableMoment(date: Date): boolean {
  const year = date.getUTCFullYear();
  return year >= 1 && year <= 9999;
}

/** A decimal of at least zero, exact: accepts JSON numbers only, gives the canonical text ("140.76"). */
export function decimal(options: { positive?: boolean; maxDecimals?: number } = {}) {
  return z
    .union([z.number(), z.instanceof(JsonNumber)], {
      error: (issue) => (issue.input === undefined ? "is required" : "must be a number"),
    })
    .transform((value, context) => {
      const parsed = parseDecimal(String(value));
      if (parsed === null) {
        context.addIssue({ code: "custom", message: "must be a decimal number of reasonable size" });
        return z.NEVER;
      }
      if (parsed.lt(0) || (options.positive && parsed.eq(0))) {
        context.addIssue({
          code: "custom",
          message: options.positive ? "must be greater than 0" : "must be at least 0",
        });
        return z.NEVER;
      }
      return parsed.toFixed();
    })
    .meta({ type: "number", ...(options.positive ? { exclusiveMinimum: 0 } : { minimum: 0 }) });
}

/** A whole number in a range; 2.0 counts as 2. */
export function integer(min: number, max: number) {
  return z
    .union([z.number(), z.instanceof(JsonNumber)], {
      error: (issue) => (issue.input === undefined ? "is required" : "must be an integer"),
    })
    .transform((value, context) => {
      const number = Number(String(value));
      if (!Number.isSafeInteger(number) || number < min || number > max) {
        context.addIssue({ code: "custom", message: `must be an integer from ${min} to ${max}` });
        return z.NEVER;
      }
      return number;
    })
    .meta({ type: "integer", minimum: min, maximum: max });
}

export const currencySchema = z
  .string({ error: (issue) => (issue.input === undefined ? "is required" : "must be a string") })
  .regex(/^[A-Z]{3}$/, "must be three capital letters")
  .refine(isCurrentCurrency, "must be a current ISO 4217 currency code");

export const modeSchema = z.enum(["live", "test"], { error: "must be live or test" });

/** An id and a time as answers have them. */
export const idSchema = z.uuid();
export const timeSchema = z.iso.datetime();

/** api.md §3. Query parameters arrive as text. */
export const pageQuerySchema = z.object({
  page: z.coerce
    .number({ error: "must be an integer" })
    .int("must be an integer")
    .min(1, "must be at least 1")
    .max(1_000_000_000, "is too large")
    .default(1)
    .describe("Which page, from 1. A page past the end has no items."),
  limit: z.coerce
    .number({ error: "must be an integer" })
    .int("must be an integer")
    .min(1, "must be at least 1")
    .max(100, "must be at most 100")
    .default(20)
    .describe("Items on a page."),
});
export type PageQuery = z.infer<typeof pageQuerySchema>;

/** One page of a list, as every list route answers (api.md §3). */
export interface Page<Item> extends z.infer<typeof pageFieldsSchema> {
  items: Item[];
}

const pageFieldsSchema = z.strictObject({
  page: z.int().min(1).describe("This page, from 1."),
  limit: z.int().min(1).max(100).describe("Items on a page."),
  totalItems: z.int().min(0).describe("Items on all pages, exactly."),
  totalPages: z.int().min(0).describe("How many pages there are."),
  hasPreviousPage: z.boolean().describe("Whether there is a page before this one."),
  hasNextPage: z.boolean().describe("Whether there is a page after this one."),
});

/** The schema of a page of `item`s. */
export function pageSchema<Item extends z.ZodType>(item: Item) {
  return z.strictObject({ items: z.array(item), ...pageFieldsSchema.shape });
}

/** The page fields that follow from a total. A page past the end has no items and a previous page. */
export function toPage<Item>(items: Item[], totalItems: number, { page, limit }: PageQuery): Page<Item> {
  const totalPages = Math.ceil(totalItems / limit);
  return {
    items,
    page,
    limit,
    totalItems,
    totalPages,
    hasPreviousPage: page > 1 && totalPages > 0,
    hasNextPage: page < totalPages,
  };
}

/**
 * Zod's issues as the API's messages: one per failing field, each starting with the field's path.
 * Unknown fields are named one by one.
 */
export function issueMessages(error: z.ZodError): string[] {
  const messages = new Map<string, string>();
  for (const issue of error.issues) {
    if (issue.code === "unrecognized_keys") {
      for (const key of issue.keys) {
        const path = [...issue.path, key].join(".");
        messages.set(path, `${path} is not a known field`);
      }
      continue;
    }
    const path = issue.path.join(".");
    if (messages.has(path)) continue;
    const message =
      issue.code === "invalid_type" && issue.message.startsWith("Invalid input")
        ? issue.input === undefined && issue.message.endsWith("undefined")
          ? "is required"
          : `must be ${article(issue.expected)}`
        : issue.message;
    messages.set(path, path === "" ? message : `${path} ${message}`);
  }
  return [...messages.values()];
}

function article(expected: string): string {
  return /^[aeiou]/.test(expected) ? `an ${expected}` : `a ${expected}`;
}
