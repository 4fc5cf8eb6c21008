import { z } from "zod";
import { parseDecimal } from "~/lib/money";
import { currencySchema, decimal, idSchema, text, timeSchema } from "./common";
import { amountProblem, callbackUrlSchema, type PaymentMethod, redirectUrlSchema } from "./sessions";
import { sessionStatuses } from "./words";

/** The payment methods as `/checkout-sessions` writes them (api.md §5.5). */
export const checkoutPaymentMethods = ["CARD", "MPESA_STK"] as const;
export type CheckoutPaymentMethod = (typeof checkoutPaymentMethods)[number];

const methodMessage = `must be one of ${checkoutPaymentMethods.join(", ")}`;

function createSchema(mode: "live" | "test") {
  return z
    .strictObject({
      /** The full amount in the currency's main unit: 1500 KES is 1500, 140.76 AUD is 140.76. */
      amount: decimal({ positive: true }),
      currency: currencySchema.describe("A current ISO 4217 code."),
      description: text(500),
      successUrl: redirectUrlSchema(mode),
      cancelUrl: redirectUrlSchema(mode),
      paymentMethods: z
        .array(z.enum(checkoutPaymentMethods, { error: methodMessage }), {
          error: (issue) => (issue.input === undefined ? "is required" : "must be an array"),
        })
        .min(1, "must have at least one payment method")
        .max(20, "must have at most 20 payment methods")
        .transform((methods) => [...new Set(methods)]),
      externalReference: text(255).optional().describe("Your own reference, such as an order's."),
      customerEmail: text(254).pipe(z.email("must be an e-mail address")).optional(),
      customerPhone: text(20)
        .regex(/^\+[1-9]\d{6,14}$/, "must be a phone number in E.164 form, such as +254712345678")
        .optional(),
      paymentReference: text(255).optional(),
      callbackUrl: callbackUrlSchema(mode)
        .optional()
        .describe("Gets this session's events, signed with the application's callback secret."),
    })
    .superRefine(
      ({ amount, currency }, context) => {
        const parsed = typeof amount === "string" ? parseDecimal(amount) : null;
        if (parsed === null || !currencySchema.safeParse(currency).success) return;
        const problem = amountProblem(parsed, currency);
        if (problem !== null) context.addIssue({ code: "custom", path: ["amount"], message: problem });
      },
      { when: ({ value }) => typeof value === "object" && value !== null },
    );
}

/** The body of `POST /api/v1/checkout-sessions` (api.md §5.5); the mode decides which URLs are allowed. */
export const checkoutSessionCreateSchemas = { live: createSchema("live"), test: createSchema("test") };
export type CheckoutSessionCreate = z.output<(typeof checkoutSessionCreateSchemas)["test"]>;

/** `card` as `/sessions` and the database say it. */
export const storedMethod = (method: CheckoutPaymentMethod) => method.toLowerCase() as PaymentMethod;

/** What a create and a read of `/checkout-sessions` answer (api.md §5.5). */
export const checkoutSessionResourceSchema = z
  .strictObject({
    id: idSchema,
    checkoutRef: z.string().describe("Short and quotable, for support."),
    checkoutUrl: z.url().describe("Send the customer there. Opaque: do not parse it."),
    status: z.enum(sessionStatuses).describe("SUCCEEDED, FAILED and EXPIRED are final."),
    amount: z.number().describe("A decimal in the currency's main unit."),
    currency: z.string().length(3),
    paymentMethods: z.array(z.string()).describe("What the customer may choose from."),
    expiresAt: timeSchema,
    createdAt: timeSchema,
  })
  .meta({ id: "CheckoutSession" });
export type CheckoutSessionResource = z.infer<typeof checkoutSessionResourceSchema>;
