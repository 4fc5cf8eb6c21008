import type { FailureReasonCode } from "~/contracts/failure-reasons";

/**
 * Adyen's refusal reasons (docs.adyen.com, Refusal reasons) in our words. Notices write them in several
 * ways ("Not enough balance", "NOT_ENOUGH_BALANCE", "FRAUD-CANCELLED"), so they are compared by letters
 * and digits only.
 */
const reasons: Readonly<Record<string, FailureReasonCode>> = {
  refused: "card_declined",
  declined: "card_declined",
  declinednongeneric: "card_declined",
  referral: "card_declined",
  transactionnotpermitted: "not_supported",
  notsupported: "not_supported",
  restrictedcard: "not_supported",
  blockedcard: "lost_or_stolen",
  expiredcard: "card_expired",
  invalidcardnumber: "incorrect_number",
  cvcdeclined: "incorrect_cvc",
  notenoughbalance: "insufficient_funds",
  withdrawalamountexceeded: "limit_exceeded",
  withdrawalcountexceeded: "limit_exceeded",
  "3dnotauthenticated": "authentication_failed",
  "3dsauthenticationerror": "authentication_failed",
  authenticationrequired: "authentication_failed",
  rreqnotreceivedfromds: "authentication_failed",
  invalidpin: "authentication_failed",
  pintriesexceeded: "authentication_failed",
  acquirerfraud: "fraud_suspected",
  fraud: "fraud_suspected",
  fraudcancelled: "fraud_suspected",
  issuersuspectedfraud: "fraud_suspected",
  avsdeclined: "fraud_suspected",
  cancelled: "cancelled_by_customer",
  shoppercancelled: "cancelled_by_customer",
  acquirererror: "processing_error",
  issuerunavailable: "processing_error",
  notsubmitted: "processing_error",
  invalidamount: "processing_error",
  error: "processing_error",
};

/** Our reason for a refusal reason; `unknown` for one that is not in the table. */
export function reasonOfRefusal(refusal: string): FailureReasonCode {
  const letters = refusal.toLowerCase().replace(/[^a-z0-9]/g, "");
  return (Object.hasOwn(reasons, letters) ? reasons[letters] : undefined) ?? "unknown";
}
