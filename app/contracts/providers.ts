import { z } from "zod";
import { isCountryCode } from "~/lib/countries";
import { JsonNumber } from "~/lib/json-number";
import { currencyExponent, decimalsOf, parseDecimal } from "~/lib/money";
import { currencySchema, idSchema, integer, modeSchema, pageQuerySchema, text, timeSchema } from "./common";
import { paymentMethodSchema } from "./sessions";

/** A decimal of at least zero, as a JSON number or as text; gives the canonical text ("1.75"). */
export function decimalText() {
  return z
    .union([z.string(), z.number(), z.instanceof(JsonNumber)], {
      error: (issue) => (issue.input === undefined ? "is required" : "must be a decimal number"),
    })
    .transform((value, context) => {
      const parsed = parseDecimal(String(value).trim());
      if (parsed === null || parsed.lt(0)) {
        context.addIssue({ code: "custom", message: "must be a decimal number of at least 0" });
        return z.NEVER;
      }
      return parsed.toFixed();
    })
    .meta({ examples: ["1.75"] });
}

/**
 * What a provider takes of one payment in `currency`: `percent` of the amount (1.75 is 1.75 %) and
 * `fixed` in the currency's main unit. Also reads a connection's stored fees.
 */
export const feeSchema = z
  .strictObject({ percent: decimalText(), fixed: decimalText(), currency: currencySchema })
  .superRefine(({ percent, fixed, currency }, context) => {
    const percentage = parseDecimal(percent);
    if (percentage === null || percentage.gt(100)) {
      context.addIssue({ code: "custom", path: ["percent"], message: "must be at most 100" });
    } else if (decimalsOf(percentage) > 4) {
      context.addIssue({ code: "custom", path: ["percent"], message: "must have at most 4 decimals" });
    }
    const exponent = currencyExponent(currency) ?? 2;
    const amount = parseDecimal(fixed);
    if (amount === null || amount.gte("1e9")) {
      context.addIssue({ code: "custom", path: ["fixed"], message: "must be less than 1e9" });
    } else if (decimalsOf(amount) > exponent) {
      const message = `must have at most ${exponent} decimals, as ${currency} has`;
      context.addIssue({ code: "custom", path: ["fixed"], message });
    }
  });
export type Fee = z.output<typeof feeSchema>;

/** A connection's fees, one entry a currency; the currencies without one cost nothing as far as routing knows. */
export const feesSchema = z
  .array(feeSchema, { error: "must be an array" })
  .max(200, "must have at most 200 entries")
  .superRefine((fees, context) => {
    fees.forEach(({ currency }, index) => {
      if (fees.findIndex((fee) => fee.currency === currency) < index) {
        context.addIssue({ code: "custom", path: [index, "currency"], message: `repeats ${currency}` });
      }
    });
  });

export const outages = ["none", "refuse", "timeout"] as const;

const simulatorFields = {
  /** Share of payments that succeed, 0 to 1. */
  successRate: z
    .union([z.number(), z.instanceof(JsonNumber)], { error: "must be a number" })
    .transform((value) => Number(String(value)))
    .pipe(z.number().min(0, "must be at least 0").max(1, "must be at most 1"))
    .meta({ type: "number", minimum: 0, maximum: 1, description: "Share of payments that succeed." }),
  /** Added to each answer of the simulated provider, in milliseconds. */
  latencyMs: integer(0, 10_000).describe("Milliseconds added to each answer of the simulated provider."),
  /** refuse: it answers every create with a 503; timeout: it does not answer. */
  outage: z
    .enum(outages, { error: `must be one of ${outages.join(", ")}` })
    .describe("refuse: every create gets a 503; timeout: no answer at all."),
};

/** How the simulator behaves for a connection. Reads the stored value; null and {} are the defaults. */
export const simulatorSettingsSchema = z.strictObject({
  successRate: simulatorFields.successRate.default(1),
  latencyMs: simulatorFields.latencyMs.default(0),
  outage: simulatorFields.outage.default("none"),
});
export type SimulatorSettings = z.output<typeof simulatorSettingsSchema>;

/** A change of some of them; what is left out stays. */
export const simulatorSettingsUpdateSchema = z.strictObject(simulatorFields).partial();

const isActive = z.boolean({ error: "must be true or false" });
const unique = <Item>(items: Item[]) => [...new Set(items)];
const required = (issue: { input?: unknown }) =>
  issue.input === undefined ? "is required" : "must be an array";
const connectionFields = {
  paymentMethods: z
    .array(paymentMethodSchema, { error: required })
    .min(1, "must have at least one payment method")
    .transform(unique),
  currencies: z
    .array(currencySchema, { error: required })
    .min(1, "must have at least one currency")
    .max(200, "must have at most 200 currencies")
    .transform(unique),
  /** Empty means every country. */
  countries: z
    .array(
      z
        .string({ error: "must be a string" })
        .refine(isCountryCode, "must be an ISO 3166-1 alpha-2 country code"),
      {
        error: "must be an array",
      },
    )
    .max(300, "must have at most 300 countries")
    .transform(unique)
    .describe("ISO 3166-1 alpha-2 codes; empty means every country."),
  priority: integer(1, 1000).nullable().describe("Breaks ties in routing: the lower number first."),
  /** Names and values as the provider gives them, such as {secretKey}. Never read back. */
  credentials: z
    .record(text(64), text(4096), { error: "must be an object of texts" })
    .refine((fields) => Object.keys(fields).length > 0, "must not be empty")
    .refine((fields) => Object.keys(fields).length <= 20, "must have at most 20 fields")
    .describe("Names and values as the provider gives them. Encrypted, and never read back."),
  webhookSecret: text(512),
};

/** `POST /api/v1/applications/{id}/providers` (api.md §4). */
export const connectionCreateSchema = z.strictObject({
  provider: text(50),
  mode: modeSchema,
  credentials: connectionFields.credentials.optional(),
  webhookSecret: connectionFields.webhookSecret.optional(),
  isActive: isActive.default(true),
  paymentMethods: connectionFields.paymentMethods,
  currencies: connectionFields.currencies,
  countries: connectionFields.countries.default([]),
  fees: feesSchema.default([]),
  priority: connectionFields.priority.optional(),
  simulatorSettings: simulatorSettingsSchema.optional(),
});
export type ConnectionCreate = z.output<typeof connectionCreateSchema>;

/** `PATCH …/providers/{connectionId}`: what is left out stays; lists are replaced as a whole. */
export const connectionUpdateSchema = z.strictObject({
  credentials: connectionFields.credentials.optional(),
  webhookSecret: connectionFields.webhookSecret.optional(),
  isActive: isActive.optional(),
  paymentMethods: connectionFields.paymentMethods.optional(),
  currencies: connectionFields.currencies.optional(),
  countries: connectionFields.countries.optional(),
  fees: feesSchema.optional(),
  priority: connectionFields.priority.optional(),
  simulatorSettings: simulatorSettingsUpdateSchema.optional(),
});
export type ConnectionUpdate = z.output<typeof connectionUpdateSchema>;

export const connectionListQuerySchema = pageQuerySchema.extend({ mode: modeSchema.optional() });

/** How a test of a connection ends: `ok`, or why the provider did not let it in. */
export const connectionTestStatusSchema = z.enum([
  "ok",
  "bad_credentials",
  "rejected",
  "rate_limited",
  "provider_error",
  "connect_error",
  "timeout",
]);
export type ConnectionTestStatus = z.output<typeof connectionTestStatusSchema>;

/** The answer of `POST …/providers/{connectionId}/test`: 200 whatever the provider said. */
export const connectionTestResourceSchema = z
  .strictObject({
    connectionId: idSchema,
    status: connectionTestStatusSchema,
    message: z.string().describe("One sentence for people."),
    latencyMs: z.number().describe("How long the provider took."),
    testedAt: timeSchema,
  })
  .meta({ id: "ConnectionTest" });
export type ConnectionTestResource = z.infer<typeof connectionTestResourceSchema>;

/** A provider connection as the API shows it. */
export const connectionResourceSchema = z
  .strictObject({
    id: idSchema,
    applicationId: idSchema,
    provider: z.string(),
    mode: modeSchema,
    isActive: z.boolean().describe("False: paused, routing passes it over."),
    isSimulated: z
      .boolean()
      .describe("True in test mode without credentials: the simulator plays the provider."),
    paymentMethods: z.array(z.string()),
    currencies: z.array(z.string()),
    countries: z.array(z.string()).describe("Empty: every country."),
    fees: z.array(z.strictObject({ percent: z.string(), fixed: z.string(), currency: z.string() })),
    priority: z.int().nullable(),
    credentialsFingerprint: z
      .string()
      .nullable()
      .describe("Tells two sets of credentials apart, and nothing else about them."),
    webhookUrl: z
      .string()
      .nullable()
      .describe(
        "Where the provider's webhooks go: to be entered at a provider that signs them. Null when simulated.",
      ),
    simulatorSettings: z
      .strictObject({ successRate: z.number(), latencyMs: z.int(), outage: z.enum(outages) })
      .nullable()
      .describe("Null unless simulated."),
    lastTestAt: timeSchema.nullable(),
    lastTestStatus: connectionTestStatusSchema.nullable(),
    createdAt: timeSchema,
    updatedAt: timeSchema,
  })
  .meta({ id: "ProviderConnection" });
export type ConnectionResource = z.infer<typeof connectionResourceSchema>;
