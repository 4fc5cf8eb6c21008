import { z } from "zod";
import { secretField } from "~/providers/fields";
import type { ProviderDescription } from "~/providers/port";

// Mollie's own mode is in its key: a test key in a live connection would take no money, silently.
const credentialsOf = (mode: "test" | "live") =>
  z.strictObject({
    apiKey: secretField(
      mode === "live" ? "Live API key" : "Test API key",
      `Mollie dashboard, Developers, API keys: it starts with ${mode}_.`,
      { pattern: new RegExp(`^${mode}_\\w{20,}$`), message: `must be an API key that starts with ${mode}_` },
    ),
  });

const credentials = { test: credentialsOf("test"), live: credentialsOf("live") };

/** Mollie, by its Payments API. */
export const mollie: ProviderDescription = {
  label: "Mollie",
  credentials: (mode) => credentials[mode],
  // Its notices are not signed: they only say which payment to look at.
  webhookSecret: null,
  paymentMethods: ["card"],
};
