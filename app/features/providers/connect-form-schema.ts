import { z } from "zod";
import { connectionCreateSchema } from "~/contracts/providers";

/** Of the credentials' fields those that were filled in; which there must be is the provider's to say. */
const filledIn = z
  .record(z.string(), z.string().optional())
  .optional()
  .transform((fields) =>
    Object.fromEntries(
      Object.entries(fields ?? {}).filter((entry): entry is [string, string] => Boolean(entry[1])),
    ),
  );

const { paymentMethods, currencies, webhookSecret } = connectionCreateSchema.shape;

/** The form of a new connection → what the command takes of it. */
export const connectFormSchema = z.strictObject({
  credentials: filledIn,
  webhookSecret,
  paymentMethods,
  currencies: z
    .string({ error: "is required" })
    .transform((text) =>
      text
        .toUpperCase()
        .split(/[\s,;]+/)
        .filter(Boolean),
    )
    .pipe(currencies),
});

/** New credentials, or a new signing secret; what is left empty stays. */
export const credentialsFormSchema = z
  .strictObject({ credentials: filledIn, webhookSecret })
  .transform(({ credentials, webhookSecret }) => ({
    ...(Object.keys(credentials).length > 0 ? { credentials } : {}),
    ...(webhookSecret === undefined ? {} : { webhookSecret }),
  }))
  .refine((change) => Object.keys(change).length > 0, "Fill in what is to change.");
