import { z } from "zod";
import { secretField } from "~/providers/fields";
import type { ProviderDescription } from "~/providers/port";

/** What a connection to Stripe needs and can do. */
export const stripe: ProviderDescription = {
  label: "Stripe",
  credentials: (mode) =>
    z.strictObject({
      secretKey: secretField(
        "Secret key",
        "Stripe's dashboard, Developers, API keys. A restricted key must be able to write Checkout Sessions and to read PaymentIntents and Charges.",
        {
          // A live key in test mode would move money.
          pattern: mode === "live" ? /^[sr]k_live_\w+$/ : /^[sr]k_test_\w+$/,
          message: `must be a ${mode} key, which starts with sk_${mode}_ or rk_${mode}_`,
        },
      ),
    }),
  webhookSecret: {
    label: "Signing secret",
    hint: "Of the webhook endpoint at Stripe that sends this connection's events: it starts with whsec_. Choose checkout.session.completed, .expired, .async_payment_succeeded, .async_payment_failed and payment_intent.payment_failed.",
  },
  paymentMethods: ["card"],
};
