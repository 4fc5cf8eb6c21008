import { z } from "zod";
import { secretField } from "~/providers/fields";
import type { ProviderDescription } from "~/providers/port";

const credentials = z
  .strictObject({
    apiKey: secretField(
      "API key",
      "Kiotapay's dashboard; with its secret it is exchanged for tokens.",
    ).optional(),
    apiSecret: secretField("API secret", "The secret of that API key.").optional(),
    accessToken: secretField(
      "Access token",
      "Instead of key and secret: a bearer token that Kiotapay gave you and that does not expire.",
    ).optional(),
  })
  .refine(
    ({ apiKey, apiSecret, accessToken }) =>
      accessToken === undefined
        ? apiKey !== undefined && apiSecret !== undefined
        : apiKey === undefined && apiSecret === undefined,
    "must have apiKey and apiSecret, or accessToken alone",
  );

/** What a connection to Kiotapay needs and can do. Its keys do not say whether they are of the sandbox. */
export const kiotapay: ProviderDescription = {
  label: "Kiotapay",
  credentials: () => credentials,
  webhookSecret: null,
  paymentMethods: ["card", "mpesa_stk"],
};
