import { z } from "zod";
import { isCountryCode } from "~/lib/countries";
import { parseDecimal } from "~/lib/money";
import { currencySchema } from "./common";
import { amountProblem } from "./sessions";

/** Query of `GET /api/v1/payment-methods` (api.md §5.6): what is left out does not narrow. */
export const paymentMethodsQuerySchema = z
  .strictObject({
    currency: currencySchema.optional(),
    country: z
      .string({ error: "must be a string" })
      .refine(isCountryCode, "must be an ISO 3166-1 alpha-2 country code")
      .optional(),
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
      .optional(),
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
export interface PaymentMethodResource {
  paymentMethod: string;
  currencies: string[];
  /** Empty means every country. */
  countries: string[];
}
