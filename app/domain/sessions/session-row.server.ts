import type { SqlExecutor } from "~/db/database";
import type { PaymentSession } from "~/db/generated/client";

/** Every column of payment_sessions under its client name. */
const COLUMNS = `id, merchant_id as "merchantId", application_id as "applicationId", mode, status, payment_method as "paymentMethod",
  allowed_payment_methods as "allowedPaymentMethods", order_reference as "orderReference", currency,
  amount_total as "amountTotal", amount_shipping as "amountShipping", amount_tax as "amountTax", locale, description,
  customer_email as "customerEmail", customer, order_items as "orderItems", shipping,
  additional_information as "additionalInformation", success_url as "successUrl", failure_url as "failureUrl",
  callback_url as "callbackUrl", checkout_reference as "checkoutReference", connection_id as "connectionId",
  provider_name as "providerName", provider_reference as "providerReference", score, failure_reason as "failureReason",
  failure_code as "failureCode", card_brand as "cardBrand", card_last4 as "cardLast4",
  payer_phone_last3 as "payerPhoneLast3", is_late_success as "isLateSuccess", api_key_id as "apiKeyId",
  request_id as "requestId", event_sequence as "eventSequence", fulfilled_at as "fulfilledAt",
  fulfilled_order_id as "fulfilledOrderId", customer_erased_at as "customerErasedAt", expires_at as "expiresAt", finished_at as "finishedAt",
  created_at as "createdAt", updated_at as "updatedAt"`;

/** A session by id, locked when asked; null when there is none. Callers check its tenant. */
export async function readSession(
  tx: SqlExecutor,
  sessionId: string,
  lock: "lock" | "read",
): Promise<PaymentSession | null> {
  const [row] = await tx.query<PaymentSession>(
    `select ${COLUMNS} from payment_sessions where id = $1${lock === "lock" ? " for update" : ""}`,
    [sessionId],
  );
  return row ?? null;
}
