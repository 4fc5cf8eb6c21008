import { z } from "zod";
import { connectionCreateSchema, feesSchema } from "~/contracts/providers";
import { codesOf } from "./codes";

/** Of the credentials' fields those that were filled in; which there must be is the provider's to say. */
const filledIn = z
  .record(z.string(), z.string().optional())
  .optional()
  .transform((fields) =>
    Object.fromEntries(
      Object.entries(fields ?? {}).filter((entry): entry is [string, string] => Boolean(entry[1])),
    ),
  );

const { paymentMethods, currencies, countries, webhookSecret } = connectionCreateSchema.shape;

/** Fees as the form has them: lines, of which those left blank are no fees. Errors name the line as it was sent. */
const feeLines = z
  .array(
    z.strictObject({
      percent: z.string().optional(),
      fixed: z.string().optional(),
      currency: z.string().optional(),
    }),
  )
  .max(300, "must have at most 200 entries")
  .optional()
  .transform((lines = [], context) => {
    const filled = lines.flatMap((line, index) =>
      line.percent || line.fixed || line.currency ? [{ ...line, index }] : [],
    );
    for (const { percent, fixed, index } of filled) {
      if (percent || fixed) continue;
      const message = "Fill in a percentage, a fixed amount, or both.";
      context.addIssue({ code: "custom", path: [index, "percent"], message });
    }
    const parsed = feesSchema.safeParse(
      filled.map(({ percent = "0", fixed = "0", currency }) => ({
        percent: decimalPoint(percent),
        fixed: decimalPoint(fixed),
        currency: currency?.trim().toUpperCase(),
      })),
    );
    if (parsed.success) return parsed.data;
    for (const { path, message } of parsed.error.issues) {
      const [line, ...rest] = path;
      const index = typeof line === "number" ? filled[line]?.index : undefined;
      context.addIssue({ code: "custom", path: index === undefined ? [] : [index, ...rest], message });
    }
    return z.NEVER;
  });

/** "1,75" is what a German keyboard types; the contract takes "1.75". */
const decimalPoint = (text: string) => text.trim().replace(/^(\d+),(\d+)$/, "$1.$2");

/** What a connection takes and costs: in both forms. */
const terms = {
  paymentMethods,
  currencies: z.string({ error: "is required" }).transform(codesOf).pipe(currencies),
  countries: z
    .string()
    .optional()
    .transform((text) => codesOf(text ?? ""))
    .pipe(countries.unwrap()),
  priority: z
    .string()
    .optional()
    .transform((text) => (text ? Number(text) : null))
    .pipe(
      z
        .int("must be a whole number")
        .min(1, "must be at least 1")
        .max(1000, "must be at most 1000")
        .nullable(),
    ),
  fees: feeLines,
};

/** The form of a new connection → what the command takes of it. */
export const connectFormSchema = z.strictObject({ credentials: filledIn, webhookSecret, ...terms });

/** The form of what a connection takes and costs → the change. */
export const termsFormSchema = z.strictObject(terms);

/** New credentials, or a new signing secret; what is left empty stays. */
export const credentialsFormSchema = z
  .strictObject({ credentials: filledIn, webhookSecret })
  .transform(({ credentials, webhookSecret }) => ({
    ...(Object.keys(credentials).length > 0 ? { credentials } : {}),
    ...(webhookSecret === undefined ? {} : { webhookSecret }),
  }))
  .refine((change) => Object.keys(change).length > 0, "Fill in what is to change.");
