import { createHmac } from "node:crypto";
import { z } from "zod";
import { equalInConstantTime } from "~/lib/crypto.server";
import { parseJson } from "~/lib/json-number";
import {
  type ConnectionContext,
  InvalidEventSignature,
  type ProviderEvent,
  type ProviderState,
} from "~/providers/port";
import { pick } from "~/providers/redact";
import { fromAdyenValue } from "./amounts";
import { reasonOfRefusal } from "./failure-codes";
import { adyenAmountSchema } from "./states";

/** What the signature covers, and the signature: enough to prove an item before anything else is believed. */
const signedSchema = z.object({
  pspReference: z.string(),
  originalReference: z.string().nullish(),
  merchantAccountCode: z.string(),
  merchantReference: z.string(),
  amount: adyenAmountSchema,
  eventCode: z.string(),
  success: z.union([z.string(), z.boolean()]).transform(String),
  additionalData: z.object({ hmacSignature: z.string().min(1) }),
});

const batchSchema = z.object({
  notificationItems: z.array(z.object({ NotificationRequestItem: z.unknown() })).min(1),
});

const itemSchema = signedSchema.extend({
  pspReference: z.string().min(1).max(100),
  merchantReference: z.string().max(255),
  eventCode: z.string().min(1).max(64),
  success: z.union([z.literal("true"), z.literal("false"), z.boolean()]).transform((said) => String(said)),
  eventDate: z.iso.datetime({ offset: true }).transform((text) => new Date(text)),
  paymentMethod: z.string().max(64).nullish(),
  reason: z.string().max(1024).nullish(),
  additionalData: z.object({
    paymentLinkId: z.string().max(64).optional(),
    cardSummary: z.string().optional(),
  }),
});
type Item = z.output<typeof itemSchema>;

/** What is kept of an item: nothing that is the cardholder's, but the last four digits. */
const KEPT = [
  "eventCode",
  "eventDate",
  "success",
  "pspReference",
  "originalReference",
  "merchantReference",
  "amount",
  "paymentMethod",
];

/**
 * The events of one standard webhook: a batch of items, each with its own HMAC (docs.adyen.com, Verify
 * HMAC signatures). One bad item refuses the batch. Items of other merchant accounts, and of other kinds than
 * the result of a payment, are left out.
 *
 * The HMAC covers our reference, amount and result, but neither the link's id nor the reason of a refusal.
 * So a checkout is named by our reference only, and the rest decides nothing.
 * @throws InvalidEventSignature; SyntaxError when a signed item cannot be read.
 */
export function parseNotification(connection: ConnectionContext, rawBody: Uint8Array): ProviderEvent[] {
  const key = hmacKey(connection.webhookSecret);
  const items = itemsOf(rawBody);
  for (const item of items) verify(item, key);
  return items.flatMap((item) => {
    const parsed = itemSchema.safeParse(item);
    if (!parsed.success) throw new SyntaxError("the item is no notification", { cause: parsed.error });
    const event = parsed.data;
    const isOurs = event.merchantAccountCode === connection.credentials?.merchantAccount;
    const state = stateOf(event);
    return isOurs && state !== null ? [toEvent(event, state, item)] : [];
  });
}

// A text that is not hexadecimal would make a short or empty key, with which anyone could sign.
function hmacKey(secret: string | null): Buffer {
  if (secret === null) throw new InvalidEventSignature("the connection has no HMAC key");
  if (!/^(?:[0-9a-fA-F]{2}){16,64}$/.test(secret.trim())) {
    throw new InvalidEventSignature("the connection's HMAC key is not hexadecimal");
  }
  return Buffer.from(secret.trim(), "hex");
}

function itemsOf(rawBody: Uint8Array): unknown[] {
  let body: unknown;
  try {
    body = parseJson(Buffer.from(rawBody).toString("utf8"));
  } catch (error) {
    // The signature is inside the JSON: what cannot be read is signed by nobody.
    throw new InvalidEventSignature(`the body is not JSON: ${(error as Error).message}`);
  }
  const batch = batchSchema.safeParse(body);
  if (!batch.success) throw new InvalidEventSignature("the body holds no notification items");
  return batch.data.notificationItems.map(({ NotificationRequestItem }) => NotificationRequestItem);
}

function verify(item: unknown, key: Buffer): void {
  const signed = signedSchema.safeParse(item);
  if (!signed.success) throw new InvalidEventSignature("an item is not signed");
  const { pspReference, originalReference, merchantAccountCode, merchantReference } = signed.data;
  const { amount, eventCode, success, additionalData } = signed.data;
  const text = [
    pspReference,
    originalReference ?? "",
    merchantAccountCode,
    merchantReference,
    amount.value,
    amount.currency,
    eventCode,
    success,
  ].join(":");
  const expected = createHmac("sha256", key).update(text, "utf8").digest();
  if (!equalInConstantTime(expected, Buffer.from(additionalData.hmacSignature, "base64"))) {
    throw new InvalidEventSignature();
  }
}

/**
 * What an item says of the link's state; null for news of something else (captures, refunds, reports). A
 * refused authorisation leaves the link open for another try, so it ends nothing.
 */
function stateOf({ eventCode, success }: Item): ProviderState | null {
  if (eventCode === "AUTHORISATION") return success === "true" ? "SUCCEEDED" : "PENDING";
  if (eventCode === "PENDING") return success === "true" ? "PROCESSING" : null;
  return null;
}

function toEvent(item: Item, state: ProviderState, raw: unknown): ProviderEvent {
  const { paymentLinkId, cardSummary } = item.additionalData;
  const isRefused = item.eventCode === "AUTHORISATION" && item.success === "false";
  const code = isRefused ? item.reason || "REFUSED" : null;
  return {
    // Adyen's own rule for duplicates; a result that it corrects is another event.
    eventId: `${item.eventCode}_${item.pspReference}_${item.success}`,
    type: isRefused ? "AUTHORISATION.refused" : item.eventCode,
    occurredAt: item.eventDate,
    providerReference: null,
    reference: item.merchantReference,
    state: {
      providerReference: paymentLinkId ?? item.merchantReference,
      state,
      amount: amountOf(item),
      currency: item.amount.currency,
      failureCode: code,
      failureReason: code === null ? null : reasonOfRefusal(code),
      card:
        cardSummary !== undefined && /^\d{4}$/.test(cardSummary)
          ? { brand: brandOf(item.paymentMethod ?? ""), last4: cardSummary }
          : null,
      payerPhoneLast3: null,
    },
    isVerified: true,
    // The reason of a success holds the card's expiry date.
    payload: {
      ...pick(raw, isRefused ? [...KEPT, "reason"] : KEPT),
      additionalData: { paymentLinkId, cardSummary },
    },
  };
}

function amountOf({ amount }: Item): bigint {
  try {
    return fromAdyenValue(amount.value, amount.currency);
  } catch (error) {
    throw new SyntaxError("the item's amount cannot be read", { cause: error });
  }
}

/** Adyen's payment method ("mc", "visa_applepay") as the brand that the rest of the product uses. */
function brandOf(paymentMethod: string): string {
  const brand = paymentMethod.split("_")[0] ?? "";
  return { mc: "mastercard", cup: "unionpay", "": "card" }[brand] ?? brand;
}
