/**
 * The catalogue of failure reasons: our words for why a session was not paid. Every provider's own code
 * is translated into one of these; the code itself is kept beside it as `failureCode`.
 */

/** Whose doing a failure was. */
export type FailureSide = "customer" | "bank" | "provider" | "merchant" | "none";

export interface FailureReason {
  /** What lists and filters show. */
  label: string;
  side: FailureSide;
  /** Whether routing counts it as the provider's failure (routing.md §2): its own, or the bank's, never the customer's. */
  countsAgainstProvider: boolean;
  /** One or two sentences for support: what happened. */
  explanation: string;
  /** Next steps for the merchant, best first. */
  adviceForMerchant: readonly string[];
  /** One sentence to pass on to the customer. */
  adviceForCustomer: string;
}

export const failureReasons = {
  card_declined: {
    label: "Declined by the bank",
    side: "bank",
    countsAgainstProvider: true,
    explanation: "The customer's bank refused the payment and gave no reason.",
    adviceForMerchant: [
      "Ask the customer to try another card, or to call the bank that issued this one.",
      "If many banks refuse at once, compare the providers' success rates on the overview.",
    ],
    adviceForCustomer: "Your bank did not approve the payment. Try another card, or call your bank.",
  },
  insufficient_funds: {
    label: "Insufficient funds",
    side: "customer",
    countsAgainstProvider: false,
    explanation: "The card or mobile money account did not hold enough for this amount.",
    adviceForMerchant: ["Ask the customer to pay with another card or to top up and try again."],
    adviceForCustomer: "There was not enough money available. Try another way to pay, or top up first.",
  },
  card_expired: {
    label: "Card expired",
    side: "customer",
    countsAgainstProvider: false,
    explanation: "The card's expiry date has passed.",
    adviceForMerchant: ["Ask the customer to use a card that is still valid."],
    adviceForCustomer: "This card has expired. Use another card.",
  },
  incorrect_cvc: {
    label: "Wrong security code",
    side: "customer",
    countsAgainstProvider: false,
    explanation: "The security code (CVC) did not match the card.",
    adviceForMerchant: ["Ask the customer to try again with the code printed on the card."],
    adviceForCustomer: "The security code was wrong. Check the code on your card and try again.",
  },
  incorrect_number: {
    label: "Wrong card number",
    side: "customer",
    countsAgainstProvider: false,
    explanation: "The card number does not exist.",
    adviceForMerchant: ["Ask the customer to try again and to check the number."],
    adviceForCustomer: "The card number was wrong. Check it and try again.",
  },
  authentication_failed: {
    label: "3-D Secure failed",
    side: "customer",
    countsAgainstProvider: false,
    explanation:
      "The customer's bank asked for confirmation (3-D Secure), and it was refused or not completed.",
    adviceForMerchant: [
      "Ask the customer to try again and to confirm in the bank's app or with its code.",
      "If it fails again, the card may not be enrolled for online payments: another card helps.",
    ],
    adviceForCustomer:
      "The payment was not confirmed with your bank. Try again and confirm it, or use another card.",
  },
  lost_or_stolen: {
    label: "Card reported lost or stolen",
    side: "bank",
    countsAgainstProvider: false,
    explanation: "The card was reported lost or stolen, and its bank refuses every payment with it.",
    adviceForMerchant: [
      "Do not tell the customer the reason: the person may not be the cardholder. Ask for another card.",
      "Check the order for other signs of fraud before shipping anything to this customer.",
    ],
    adviceForCustomer: "Your bank did not approve the payment. Try another card, or call your bank.",
  },
  fraud_suspected: {
    label: "Blocked as suspected fraud",
    side: "provider",
    countsAgainstProvider: true,
    explanation: "The provider's or the bank's fraud check stopped the payment.",
    adviceForMerchant: [
      "Look at the customer's other sessions before helping with another try.",
      "If you trust the customer, ask for another card or another payment method.",
    ],
    adviceForCustomer: "The payment could not be approved. Try another way to pay.",
  },
  limit_exceeded: {
    label: "Over the customer's limit",
    side: "customer",
    countsAgainstProvider: false,
    explanation: "The amount is above the card's or account's limit.",
    adviceForMerchant: ["Ask the customer to raise the limit with the bank, or to pay another way."],
    adviceForCustomer: "The amount is above your limit. Ask your bank to raise it, or pay another way.",
  },
  not_supported: {
    label: "Card not supported",
    side: "bank",
    countsAgainstProvider: false,
    explanation: "The card cannot be used for this kind of purchase or in this currency.",
    adviceForMerchant: ["Ask the customer for another card, or offer another payment method."],
    adviceForCustomer: "This card cannot be used here. Try another card.",
  },
  mpesa_timeout: {
    label: "M-Pesa prompt not answered",
    side: "customer",
    countsAgainstProvider: false,
    explanation: "The M-Pesa prompt went to the customer's phone and was not answered in time.",
    adviceForMerchant: [
      "Ask the customer to try again with the phone unlocked and in reach.",
      "Check that the number belongs to an M-Pesa line: the prompt goes only to that phone.",
    ],
    adviceForCustomer:
      "The prompt on your phone was not answered in time. Try again and enter your M-Pesa PIN.",
  },
  cancelled_by_customer: {
    label: "Cancelled by the customer",
    side: "customer",
    countsAgainstProvider: false,
    explanation: "The customer left the checkout by its cancel button, or refused on the phone.",
    adviceForMerchant: ["Nothing is wrong. Start a new session when the customer wants to pay after all."],
    adviceForCustomer: "You cancelled this payment. Nothing was charged.",
  },
  cancelled_by_merchant: {
    label: "Closed by the merchant",
    side: "merchant",
    countsAgainstProvider: false,
    explanation: "The session was closed before it was paid.",
    adviceForMerchant: ["Start a new session when the customer is to pay after all."],
    adviceForCustomer: "This checkout was closed by the shop. Nothing was charged.",
  },
  expired: {
    label: "Expired unpaid",
    side: "none",
    countsAgainstProvider: false,
    explanation: "The customer did not finish paying before the checkout closed.",
    adviceForMerchant: [
      "Start a new session and send the customer the new checkout link.",
      "If many expire, compare their timelines: the last step shows where customers stop.",
    ],
    adviceForCustomer: "This checkout has expired. Nothing was charged; start again from the shop.",
  },
  processing_error: {
    label: "Error while processing",
    side: "provider",
    countsAgainstProvider: true,
    explanation: "The provider failed while it processed the payment.",
    adviceForMerchant: [
      "Ask the customer to try again: this usually passes.",
      "If it repeats, pause the provider's connection; routing then uses the others.",
    ],
    adviceForCustomer: "Something went wrong on the way to your bank. Nothing was charged; please try again.",
  },
  amount_mismatch: {
    label: "Amount differs",
    side: "provider",
    countsAgainstProvider: true,
    explanation: "The provider reports another amount or currency than this session asked for.",
    adviceForMerchant: [
      "Do not fulfil the order. Compare the provider's dashboard with this session, by the provider's reference.",
    ],
    adviceForCustomer: "Something went wrong with the payment. Contact the shop before you try again.",
  },
  provider_unavailable: {
    label: "Provider unavailable",
    side: "provider",
    countsAgainstProvider: true,
    explanation: "The provider did not answer or refused to work while the customer was paying.",
    adviceForMerchant: [
      "Ask the customer to try again: routing avoids a provider that is down.",
      "Look at provider health on the overview page.",
    ],
    adviceForCustomer:
      "The payment service is not available right now. Nothing was charged; please try again.",
  },
  all_providers_failed: {
    label: "No provider accepted",
    side: "provider",
    // Each refused attempt was counted for itself already.
    countsAgainstProvider: false,
    explanation: "Every eligible provider refused to create the checkout or did not answer in time.",
    adviceForMerchant: [
      "Read each attempt in the timeline: bad credentials are yours to fix, outages pass by themselves.",
      "Add a connection to a second provider, so that one outage cannot stop every payment.",
    ],
    adviceForCustomer: "Payments are not available right now. Nothing was charged; please try again later.",
  },
  no_available_provider: {
    label: "No eligible provider",
    side: "merchant",
    countsAgainstProvider: false,
    explanation: "No active connection of the application could take this method and currency.",
    adviceForMerchant: [
      "Add or resume a connection for this payment method and currency on the providers page.",
    ],
    adviceForCustomer: "This payment method is not available right now. Nothing was charged.",
  },
  unknown: {
    label: "Unknown",
    side: "none",
    countsAgainstProvider: false,
    explanation:
      "The provider gave a reason that is not in the catalogue; its own code is shown beside this.",
    adviceForMerchant: [
      "Look the provider's code up in its documentation, or ask its support with the provider's reference.",
    ],
    adviceForCustomer:
      "The payment did not go through. Nothing was charged; please try again or use another way to pay.",
  },
} as const satisfies Record<string, FailureReason>;

export type FailureReasonCode = keyof typeof failureReasons;

/** True for a code of the catalogue. */
export function isFailureReason(code: string): code is FailureReasonCode {
  return Object.hasOwn(failureReasons, code);
}

/** The catalogue's entry; `unknown`'s for a code that is not in it. */
export function failureReasonOf(code: string): FailureReason {
  return failureReasons[isFailureReason(code) ? code : "unknown"];
}
