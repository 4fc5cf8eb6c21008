import { z } from "zod";
import { plainField, secretField } from "~/providers/fields";
import type { ProviderDescription } from "~/providers/port";

const apiKey = secretField(
  "API key",
  "Customer Area, Developers, API credentials; it needs the role Checkout webservice.",
);

const merchantAccount = plainField("Merchant account", "Its name, such as ExampleShopECOM.", {
  pattern: /^[\w.-]{1,80}$/,
  message: "must be the name of a merchant account",
});

/** Becomes part of a host's name, so it may hold nothing that ends one (reliability.md, SSRF). */
const liveUrlPrefix = plainField(
  "Live URL prefix",
  "Customer Area, Developers, API URLs: 1797a841fbb37ca7-ExampleShop.",
  { pattern: /^[0-9a-f]{8,32}-[A-Za-z0-9]{1,40}$/, message: "must look like 1797a841fbb37ca7-ExampleShop" },
);

const testCredentials = z.strictObject({ apiKey, merchantAccount });
/** Live calls go to an address of the merchant's own under adyenpayments.com. */
const liveCredentials = z.strictObject({ apiKey, merchantAccount, liveUrlPrefix });

/** Adyen, by payment links (Checkout API, Pay by Link). */
export const adyen: ProviderDescription = {
  label: "Adyen",
  credentials: (mode) => (mode === "live" ? liveCredentials : testCredentials),
  webhookSecret: {
    label: "HMAC key",
    hint: "Customer Area, Developers, Webhooks, Standard webhook: 64 hexadecimal digits.",
  },
  paymentMethods: ["card"],
};
