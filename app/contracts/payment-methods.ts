import { z } from "zod";
import { isCountryCode } from "~/lib/countries";
import { parseDecimal } from "~/lib/money";
import { currencySchema } from "./common";
import { amountProblem } from "./sessions";

/** Query of `GET /api/v1/payment-methods` (api.md §5.6): what is left out does not narrow. */
export const paymentMethodsQuerySchema = z
  .strictObject({
    currency: currencySchema.optional().describe("Only what takes this currency."),
    country: z
      .string({ error: "must be a string" })
      .refine(isCountryCode, "must be an ISO 3166-1 alpha-2 country code")
      .optional()
      .describe("Only what takes customers of this country."),
    /** In the currency's main unit, so it needs `currency`. */
    amount: z
      .string({ error: "must be a decimal number" })
      .transform((value, context) => {
        const amount = parseDecimal(value);
        if (amount === null || amount.lte(0)) {
          context.addIssue({ code: "custom", message: "must be a decimal number greater than 0" });
          return z.NEVER;
        }
        return amount.toFixed();
      })
      .optional()
      .describe("A decimal in the currency's main unit; needs currency."),
  })
  .superRefine(
    ({ amount, currency }, context) => {
      const parsed = amount === undefined ? null : parseDecimal(String(amount));
      if (parsed === null) return;
      if (currency === undefined) {
        context.addIssue({ code: "custom", path: ["amount"], message: "needs currency" });
      } else if (currencySchema.safeParse(currency).success) {
        const problem = amountProblem(parsed, currency);
        if (problem !== null) context.addIssue({ code: "custom", path: ["amount"], message: problem });
      }
    },
    { when: ({ value }) => typeof value === "object" && value !== null },
  );

/** One method that the application could take now. */
const paymentMethodResourceSchema = z
  .strictObject({
    paymentMethod: z.string(),
    currencies: z.array(z.string()),
    countries: z.array(z.string()).describe("Empty: every country."),
  })
  .meta({ id: "PaymentMethod" });
export type PaymentMethodResource = z.infer<typeof paymentMethodResourceSchema>;
export const paymentMethodsResourceSchema = z.array(paymentMethodResourceSchema);
