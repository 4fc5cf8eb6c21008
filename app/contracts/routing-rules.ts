import { z } from "zod";
import { isCountryCode } from "~/lib/countries";
import { JsonNumber } from "~/lib/json-number";
import { parseDecimal } from "~/lib/money";
import { currencySchema, idSchema, integer, modeSchema, text, timeSchema } from "./common";
import { decimalText } from "./providers";
import { amountProblem, paymentMethodSchema } from "./sessions";

/** A number in a range. Reads JSON's numbers, exact ones too. */
function number(min: number, max: number) {
  return z
    .union([z.number(), z.instanceof(JsonNumber)], {
      error: (issue) => (issue.input === undefined ? "is required" : "must be a number"),
    })
    .transform((value) => Number(String(value)))
    .pipe(z.number().min(min, `must be at least ${min}`).max(max, `must be at most ${max}`))
    .meta({ type: "number", minimum: min, maximum: max });
}

/** How the engine weighs what it knows (routing.md §3). */
export const routingWeightsSchema = z.strictObject({
  margin: number(0.01, 1).describe(
    "What a sale is worth, as a share of its amount: fees are taken off it. The lower, the more fees count.",
  ),
  cost: number(0, 10).describe("Exponent of what is left after fees; 0 leaves fees out."),
  speed: number(0, 10).describe("Exponent of the speed factor; 0 leaves speed out."),
});
export type RoutingWeights = z.output<typeof routingWeightsSchema>;

const anyMethod = paymentMethodSchema.nullable().default(null).describe("Null: every payment method.");
const anyCurrency = currencySchema.nullable().default(null).describe("Null: every currency.");
const amount = decimalText().nullable().default(null);

interface Problem {
  path: (string | number)[];
  message: string;
}

/** Adds what `find` finds to the schema's own issues, also where members of the array have issues of theirs. */
function listOf<Item extends z.ZodType>(
  item: Item,
  max: number,
  identity: (item: Partial<z.output<Item>>) => unknown,
) {
  return z
    .array(item, { error: "must be an array" })
    .max(max, `must have at most ${max} entries`)
    .superRefine(
      (items, context) => {
        const seen = new Set<string>();
        items.forEach((entry, index) => {
          if (typeof entry !== "object" || entry === null) return;
          const key = JSON.stringify(identity(entry));
          if (seen.has(key)) {
            context.addIssue({ code: "custom", path: [index], message: "repeats an earlier one" });
          }
          seen.add(key);
        });
      },
      { when: ({ value }) => Array.isArray(value) && value.length <= max },
    )
    .default([]);
}

function addAll(context: z.core.$RefinementCtx, problems: Problem[]): void {
  for (const { path, message } of problems) context.addIssue({ code: "custom", path, message });
}

function amountProblems(path: string, value: string | null, currency: string): Problem[] {
  const parsed = value === null ? null : parseDecimal(value);
  const message = parsed === null ? null : amountProblem(parsed, currency);
  return message === null ? [] : [{ path: [path], message }];
}

/**
 * The merchant's rules (routing.md §3). `known` are the connections that rules may name; null takes any id
 * (the document's schema).
 */
export function rulesSchema(known: ReadonlySet<string> | null) {
  const connectionId = z
    .string({ error: (issue) => (issue.input === undefined ? "is required" : "must be a string") })
    .refine(
      (id) => (known === null ? idSchema.safeParse(id).success : known.has(id)),
      "must be a provider connection of this application and mode",
    )
    .meta({ format: "uuid" });

  const pin = z
    .strictObject({
      key: text(255).describe("A key of the session's additionalInformation."),
      value: text(500).describe("Its value; a number or boolean as JSON writes it."),
      connectionId,
    })
    .describe("Sessions with this value go to this connection first, while it can serve.");
  const split = z
    .strictObject({
      paymentMethod: anyMethod,
      currency: anyCurrency,
      shares: z
        .array(
          z.strictObject({
            connectionId,
            percent: integer(0, 100).describe("Of the sessions that the split is about."),
          }),
          { error: (issue) => (issue.input === undefined ? "is required" : "must be an array") },
        )
        .min(1, "must name at least one connection")
        .max(50, "must have at most 50 entries")
        .superRefine((shares, context) => {
          const sum = shares.reduce((total, { percent }) => total + percent, 0);
          if (sum !== 100) {
            context.addIssue({ code: "custom", message: `must add up to 100 percent, not ${sum}` });
          }
          shares.forEach(({ connectionId: id }, index) => {
            if (shares.findIndex((share) => share.connectionId === id) < index) {
              const path = [index, "connectionId"];
              context.addIssue({ code: "custom", path, message: "repeats an earlier one" });
            }
          });
        })
        // Nothing is ever drawn from 0 percent, and the order means nothing: one order, so that equals are equal.
        .transform((shares) =>
          shares
            .filter(({ percent }) => percent > 0)
            .sort((a, b) => (a.connectionId < b.connectionId ? -1 : 1)),
        ),
    })
    .describe("Each session is drawn, by its id, to one of the connections, which comes first.");
  const priority = z
    .strictObject({
      paymentMethod: anyMethod,
      currency: anyCurrency,
      minAmount: amount.describe("Only sessions of at least this amount; needs currency."),
      connectionIds: z
        .array(connectionId, {
          error: (issue) => (issue.input === undefined ? "is required" : "must be an array"),
        })
        .min(1, "must name at least one connection")
        .max(50, "must have at most 50 entries")
        .refine((ids) => new Set(ids).size === ids.length, "must name each connection once"),
    })
    .superRefine(({ minAmount, currency }, context) => {
      if (minAmount === null) return;
      addAll(
        context,
        currency === null
          ? [{ path: ["minAmount"], message: "needs a currency" }]
          : amountProblems("minAmount", minAmount, currency),
      );
    })
    .describe("Tried in this order, before every other connection.");
  const limit = z
    .strictObject({
      connectionId,
      currency: currencySchema,
      min: amount.describe("In the currency's main unit."),
      max: amount.describe("In the currency's main unit."),
    })
    .superRefine(({ currency, min, max }, context) => {
      addAll(context, [...amountProblems("min", min, currency), ...amountProblems("max", max, currency)]);
      if (min === null && max === null) {
        context.addIssue({ code: "custom", path: ["min"], message: "is required when there is no max" });
      }
      if (min !== null && max !== null && parseDecimal(min)?.gt(max)) {
        context.addIssue({ code: "custom", path: ["max"], message: "must be at least min" });
      }
    })
    .describe("The connection gets no session below min or above max.");
  const exclusion = z
    .strictObject({
      connectionId,
      paymentMethod: anyMethod,
      currency: anyCurrency,
      country: z
        .string({ error: "must be a string" })
        .refine(isCountryCode, "must be an ISO 3166-1 alpha-2 country code")
        .nullable()
        .default(null)
        .describe("Of the billing address; null: every country."),
    })
    .superRefine(({ paymentMethod, currency, country }, context) => {
      if (paymentMethod !== null || currency !== null || country !== null) return;
      const message =
        "needs a payment method, currency or country; pause the connection to exclude it at all";
      context.addIssue({ code: "custom", message });
    })
    .describe("The connection gets no session that matches all of these.");

  return z.strictObject({
    pins: listOf(pin, 200, ({ key, value }) => [key, value]),
    splits: listOf(split, 100, ({ paymentMethod, currency }) => [paymentMethod, currency]),
    priorities: listOf(priority, 100, ({ paymentMethod, currency, minAmount }) => [
      paymentMethod,
      currency,
      minAmount,
    ]),
    limits: listOf(limit, 500, ({ connectionId: id, currency }) => [id, currency]),
    exclusions: listOf(exclusion, 500, ({ connectionId: id, paymentMethod, currency, country }) => [
      id,
      paymentMethod,
      currency,
      country,
    ]),
  });
}
export type Rules = z.output<ReturnType<typeof rulesSchema>>;

export const noRules: Rules = { pins: [], splits: [], priorities: [], limits: [], exclusions: [] };

/** `?mode=` of the routing routes: test and live are routed apart. */
export const routingModeQuerySchema = z.strictObject({ mode: modeSchema.default("live") });

/** What is previewed: settings as they would be. */
export function routingSettingsSchema(known: ReadonlySet<string> | null) {
  return z.strictObject({
    weights: routingWeightsSchema,
    rules: rulesSchema(known),
  });
}
export type RoutingSettingsInput = z.output<ReturnType<typeof routingSettingsSchema>>;

const seenVersion = integer(0, 1_000_000_000).describe(
  "The version that the caller saw; 0 before the first.",
);

/** `PUT …/routing`: the settings as a whole. */
export function routingChangeSchema(known: ReadonlySet<string> | null) {
  return routingSettingsSchema(known).extend({
    version: seenVersion,
    note: text(200).nullable().default(null).describe("Why, for those who read the versions."),
  });
}
export type RoutingChange = z.output<ReturnType<typeof routingChangeSchema>>;

/** `POST …/routing/revert`. */
export const routingRevertSchema = z.strictObject({
  version: seenVersion,
  to: integer(0, 1_000_000_000).describe("The version whose settings are to be used again; 0: the defaults."),
});

/** One version of an application's routing settings in one mode, as the API shows it. */
export const routingSettingsResourceSchema = z
  .strictObject({
    applicationId: idSchema,
    mode: modeSchema,
    version: z.int().min(0).describe("0: nobody has set anything, these are the defaults."),
    weights: z.strictObject({ margin: z.number(), cost: z.number(), speed: z.number() }),
    rules: z.strictObject({
      pins: z.array(z.strictObject({ key: z.string(), value: z.string(), connectionId: idSchema })),
      splits: z.array(
        z.strictObject({
          paymentMethod: z.string().nullable(),
          currency: z.string().nullable(),
          shares: z.array(z.strictObject({ connectionId: idSchema, percent: z.int() })),
        }),
      ),
      priorities: z.array(
        z.strictObject({
          paymentMethod: z.string().nullable(),
          currency: z.string().nullable(),
          minAmount: z.string().nullable(),
          connectionIds: z.array(idSchema),
        }),
      ),
      limits: z.array(
        z.strictObject({
          connectionId: idSchema,
          currency: z.string(),
          min: z.string().nullable(),
          max: z.string().nullable(),
        }),
      ),
      exclusions: z.array(
        z.strictObject({
          connectionId: idSchema,
          paymentMethod: z.string().nullable(),
          currency: z.string().nullable(),
          country: z.string().nullable(),
        }),
      ),
    }),
    note: z.string().nullable(),
    author: z
      .strictObject({ id: idSchema, name: z.string() })
      .nullable()
      .describe("Null for Kadosei's own defaults."),
    createdAt: timeSchema.nullable().describe("Null for the defaults."),
  })
  .meta({ id: "RoutingSettings" });
export type RoutingSettingsResource = z.infer<typeof routingSettingsResourceSchema>;

const count = z.int().min(0);
const part = z.strictObject({
  decisions: count,
  share: z.number().describe("Of the replayed decisions, 0 to 1."),
});

/** Past decisions made again with other settings (routing.md §6). */
export const routingReplayResourceSchema = z
  .strictObject({
    from: timeSchema,
    to: timeSchema,
    decisions: count.describe("In the period."),
    replayed: count.describe("How many of them were replayed."),
    isSample: z.boolean().describe("Fewer than all were replayed, spread evenly over the period."),
    moved: part
      .extend({
        volumeShare: z
          .number()
          .describe("Of the amount, 0 to 1. Each currency counts by its number of decisions."),
      })
      .describe("Another connection would have come first."),
    evidence: part.describe("The same connection comes first, and how that payment ended is known."),
    unknown: part.describe("The same connection comes first, and the payment was not decided."),
    estimate: part.describe(
      "Another connection comes first: its chance is the one that routing expected then.",
    ),
    unserved: z
      .strictObject({ before: count, after: count })
      .describe("Decisions in which no connection could serve."),
    successRate: z.strictObject({
      before: z.number().describe("0 to 1."),
      after: z.number().describe("0 to 1."),
      changePoints: z.number().describe("Percentage points."),
      uncertaintyPoints: z.number().describe("Of the change, plus or minus, in percentage points."),
    }),
    fees: z
      .strictObject({ beforeBps: z.number(), afterBps: z.number(), changeBps: z.number() })
      .describe("Fees ÷ volume of the connections that come first, in hundredths of a percent."),
    providers: z.array(
      z.strictObject({
        connectionId: idSchema,
        provider: z.string(),
        before: count.describe("Decisions in which it came first."),
        after: count,
        beforeShare: z.number(),
        afterShare: z.number(),
      }),
    ),
    summary: z.string().describe("The same in one sentence."),
  })
  .meta({ id: "RoutingReplay" });
export type RoutingReplay = z.infer<typeof routingReplayResourceSchema>;
