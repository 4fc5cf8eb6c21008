import type { FailureReasonCode } from "~/contracts/failure-reasons";

/** Mollie's `details.failureReason` of card payments (docs.mollie.com, Get payment) in our words. */
const reasons: Readonly<Record<string, FailureReasonCode>> = {
  authentication_abandoned: "authentication_failed",
  authentication_failed: "authentication_failed",
  authentication_required: "authentication_failed",
  authentication_unavailable_acs: "authentication_failed",
  card_declined: "card_declined",
  refused_by_issuer: "card_declined",
  card_expired: "card_expired",
  inactive_card: "not_supported",
  invalid_card_type: "not_supported",
  insufficient_funds: "insufficient_funds",
  invalid_cvv: "incorrect_cvc",
  invalid_card_holder_name: "card_declined",
  invalid_card_number: "incorrect_number",
  possible_fraud: "fraud_suspected",
  unknown_reason: "unknown",
};

/** Our reason for a code; `unknown` for one that is not in the table. */
export function reasonOfCode(code: string): FailureReasonCode {
  return (Object.hasOwn(reasons, code) ? reasons[code] : undefined) ?? "unknown";
}
