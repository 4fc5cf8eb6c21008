import type { FailureReasonCode } from "~/contracts/failure-reasons";

/** The simulated provider's codes in our words; real adapters have the same table for theirs. */
const reasons: Readonly<Record<string, FailureReasonCode>> = {
  card_declined: "card_declined",
  insufficient_funds: "insufficient_funds",
  expired_card: "card_expired",
  incorrect_cvc: "incorrect_cvc",
  lost_card: "lost_or_stolen",
  fraudulent: "fraud_suspected",
  processing_error: "processing_error",
  authentication_failed: "authentication_failed",
  customer_cancelled: "cancelled_by_customer",
  stk_timeout: "mpesa_timeout",
};

/** Our reason for a code; `unknown` for one that is not in the table. */
export function reasonOfCode(code: string): FailureReasonCode {
  return (Object.hasOwn(reasons, code) ? reasons[code] : undefined) ?? "unknown";
}
