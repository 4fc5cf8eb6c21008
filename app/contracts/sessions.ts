import Big from "big.js";
import { z } from "zod";
import { isCountryCode } from "~/lib/countries";
import { JsonNumber } from "~/lib/json-number";
import { currencyExponent, decimalsOf, parseDecimal } from "~/lib/money";
import { currencySchema, decimal, idSchema, integer, modeSchema, text, timeSchema } from "./common";
import { mismatchOf } from "./session-arithmetic";
import { paymentMethods, publicSessionStatuses } from "./words";

/** Whether a field is there and right, whatever else is wrong: so that every problem is told at once. */
const isGood = (schema: z.ZodType, value: unknown) => schema.safeParse(value).success;

export type PaymentMethod = (typeof paymentMethods)[number];
export const paymentMethodSchema = z.enum(paymentMethods, {
  error: (issue) =>
    issue.input === undefined ? "is required" : `must be one of ${paymentMethods.join(", ")}`,
});

export const addressSchema = z.strictObject({
  line1: text(255),
  line2: text(255).optional(),
  city: text(255),
  state: text(255).optional(),
  postalCode: text(32).optional(),
  country: text(2)
    .refine(isCountryCode, "must be an ISO 3166-1 alpha-2 country code")
    .describe("ISO 3166-1 alpha-2."),
});

export const customerSchema = z.strictObject({
  firstName: text(100),
  lastName: text(100),
  email: text(254).pipe(z.email("must be an e-mail address")),
  phone: text(20)
    .regex(/^\+[1-9]\d{6,14}$/, "must be a phone number in E.164 form, such as +61412345678")
    .optional()
    .describe("E.164, as +61412345678."),
  billingAddress: addressSchema,
  shippingAddress: addressSchema.optional(),
});

/**
 * https, or http://localhost in test mode; no user name or password in it (api.md §5.1). Gives the URL as
 * browsers write it: a `Location` header takes neither line breaks nor what is not Latin.
 */
export function redirectUrlSchema(mode: "live" | "test") {
  return text(2048)
    .superRefine((value, context) => {
      const problem = redirectUrlProblem(value, mode);
      if (problem !== null) context.addIssue({ code: "custom", message: problem });
    })
    .transform((value) => (URL.canParse(value) ? new URL(value).href : value));
}

/**
 * Where a session's own events are sent (api.md §5.5): as for a webhook endpoint, https, or http://localhost in
 * test mode where the operator allows it, which the command checks.
 */
export function callbackUrlSchema(mode: "live" | "test") {
  return redirectUrlSchema(mode);
}

/**
 * What is wrong with an amount in a currency, or null: more decimals than it has, or too large. A double, which
 * reads give an amount as, holds 15 digits exactly.
 */
export function amountProblem(amount: Big, currency: string): string | null {
  const exponent = currencyExponent(currency) ?? 2;
  if (decimalsOf(amount) > exponent) return `must have at most ${exponent} decimals, as ${currency} has`;
  const limit = new Big(10).pow(Math.min(12, 15 - exponent));
  return amount.gte(limit) ? `must be less than ${limit.toFixed()}` : null;
}

function redirectUrlProblem(value: string, mode: "live" | "test"): string | null {
  const allowed =
    mode === "test"
      ? "must be an absolute https URL, or http://localhost in test mode"
      : "must be an absolute https URL";
  if (!URL.canParse(value)) return allowed;
  const url = new URL(value);
  if (url.username !== "" || url.password !== "") return "must not carry a user name or password";
  if (url.protocol === "https:") return null;
  const isLocal = url.hostname === "localhost" || url.hostname === "127.0.0.1";
  return url.protocol === "http:" && isLocal && mode === "test" ? null : allowed;
}

function createSchema(mode: "live" | "test") {
  return z
    .strictObject({
      orderReference: text(255).describe("Your own reference. It need not be unique."),
      paymentMethod: paymentMethodSchema,
      currency: currencySchema.describe("A current ISO 4217 code."),
      locale: text(12)
        .regex(/^[A-Za-z]{2,3}(?:[_-][A-Za-z]{2})?$/, "must look like en_AU or en-AU")
        .optional()
        .describe("The language of the hosted checkout, as en_AU or en-AU."),
      amount: z.strictObject({
        total: decimal({ positive: true }).describe(
          "Exactly Σ quantity × unitPrice + shipping + tax, with no more decimals than the currency has.",
        ),
        shipping: decimal().optional(),
        tax: decimal().optional(),
      }),
      orderItems: z
        .array(
          z.strictObject({
            name: text(255),
            sku: text(100).optional(),
            quantity: integer(1, 1_000_000),
            unitPrice: decimal(),
          }),
          { error: (issue) => (issue.input === undefined ? "is required" : "must be an array") },
        )
        .min(1, "must have at least one item")
        .max(500, "must have at most 500 items"),
      customer: customerSchema,
      shipping: z.strictObject({ type: text(100), method: text(100) }).optional(),
      additionalInformation: z
        .record(
          text(100),
          z.union(
            [
              text(500, 0),
              z.number(),
              z
                .instanceof(JsonNumber)
                .refine(({ text }) => parseDecimal(text) !== null, "must be a number of reasonable size"),
              z.boolean(),
            ],
            {
              error: "must be a string, number or boolean",
            },
          ),
        )
        .refine((map) => Object.keys(map).length <= 50, "must have at most 50 keys")
        .optional()
        .describe("Your own values, flat, at most 50 keys."),
      redirectUrls: z.strictObject({ success: redirectUrlSchema(mode), failure: redirectUrlSchema(mode) }),
      callbackUrl: callbackUrlSchema(mode).optional(),
      description: text(500).optional(),
    })
    .superRefine(
      (session, context) => {
        for (const part of ["total", "shipping", "tax"] as const) {
          const amount = decimalIn(session.amount, part);
          const problem =
            amount && isGood(currencySchema, session.currency)
              ? amountProblem(amount, session.currency)
              : null;
          if (problem !== null)
            context.addIssue({ code: "custom", path: ["amount", part], message: problem });
        }
        const details = isSum(session) ? mismatchOf(session) : null;
        if (details === null) return;
        const message = "does not match the sum of line items, shipping, and tax";
        context.addIssue({ code: "custom", path: ["amount", "total"], message, params: { details } });
      },
      { when: ({ value }) => typeof value === "object" && value !== null },
    );
}

/** Whether the arithmetic can be done, whatever else is wrong: amounts and items that their schemas have taken. */
function isSum({ amount, orderItems }: { amount: unknown; orderItems: unknown }): boolean {
  const isAbsentOrGood = (part: string) =>
    (amount as Record<string, unknown>)[part] === undefined || decimalIn(amount, part) !== null;
  return (
    decimalIn(amount, "total") !== null &&
    isAbsentOrGood("shipping") &&
    isAbsentOrGood("tax") &&
    Array.isArray(orderItems) &&
    orderItems.length > 0 &&
    orderItems.every((item) => decimalIn(item, "unitPrice") !== null && Number.isSafeInteger(item.quantity))
  );
}

/** An amount that its own schema has taken: the canonical text of `decimal()`. Null for any other. */
function decimalIn(amounts: unknown, part: string): Big | null {
  const value = (amounts as Record<string, unknown> | undefined | null)?.[part];
  return typeof value === "string" ? parseDecimal(value) : null;
}

/** The body of `POST /api/v1/sessions` (api.md §5.1); the mode decides which URLs are allowed. */
export const sessionCreateSchemas = { live: createSchema("live"), test: createSchema("test") };
export type SessionCreate = z.output<(typeof sessionCreateSchemas)["test"]>;

/** What reads, lists and webhooks say of a session (api.md §5.4). */
export const sessionResourceSchema = z
  .strictObject({
    id: idSchema,
    orderReference: z.string().describe("Yours."),
    status: z.enum(publicSessionStatuses).describe("SUCCEEDED and FAILED are final."),
    paymentMethod: z.string().nullable(),
    providerName: z.string().nullable().describe("The provider that the payment went through."),
    failureReason: z
      .string()
      .nullable()
      .describe(
        "A code of the catalogue in the Testing guide; null unless FAILED. An expired session has `expired`.",
      ),
    expiresAt: timeSchema.describe("When an unpaid session fails with `expired`."),
    createdAt: timeSchema,
    updatedAt: timeSchema,
    amount: z
      .strictObject({ total: z.number(), shipping: z.number().nullable(), tax: z.number().nullable() })
      .describe("Decimals in the currency's main unit."),
    currency: z.string().length(3),
    mode: modeSchema,
    applicationId: idSchema,
    customerEmail: z.string().nullable(),
    checkoutReference: z.string().describe("Short and quotable, for support."),
  })
  .meta({ id: "Session" });
export type SessionResource = z.infer<typeof sessionResourceSchema>;

/** What `POST /api/v1/sessions` answers (api.md §5.1). */
export const sessionCreatedResourceSchema = z
  .strictObject({
    sessionId: idSchema,
    checkoutUrl: z
      .url()
      .describe("Send the customer there. Opaque: do not parse it; it works until the session ends."),
    status: z.literal("PENDING"),
    routing: z
      .strictObject({
        selectedProvider: z.string(),
        score: z.number().min(0).max(100).describe("How routing rated it, 0 to 100."),
      })
      .describe("Which provider was chosen. For your information: the integration does not depend on it."),
    expiresAt: timeSchema.describe("An hour after createdAt."),
    createdAt: timeSchema,
  })
  .meta({ id: "CreatedSession" });
