import { z } from "zod";
import { hintId } from "~/providers/notice.server";
import type { ProviderEvent } from "~/providers/port";

const text = z.string().min(1).max(255);

/**
 * Kiotapay documents that it calls `callbackUrl`, but neither a signature nor the body's shape. So a
 * callback is believed in one thing only: which checkout to ask for, by any of the names that Kiotapay's own
 * answers have for it.
 */
const callbackSchema = z.object({
  id: text.optional(),
  checkoutSessionId: text.optional(),
  sessionId: text.optional(),
  externalReference: text.optional(),
  externalRef: text.optional(),
  status: text.optional(),
});

/** @throws SyntaxError for a body that names no checkout. */
export function parseCallback(rawBody: Uint8Array, now: Date): ProviderEvent[] {
  const body: unknown = JSON.parse(Buffer.from(rawBody).toString("utf8"));
  const nested = typeof body === "object" && body !== null && "data" in body ? body.data : undefined;
  const parsed = callbackSchema.safeParse(
    typeof nested === "object" && nested !== null ? { ...(body as object), ...nested } : body,
  );
  if (!parsed.success)
    throw new SyntaxError("the body is not a callback of Kiotapay", { cause: parsed.error });
  const said = parsed.data;
  const providerReference = said.checkoutSessionId ?? said.sessionId ?? said.id ?? null;
  const reference = said.externalReference ?? said.externalRef ?? null;
  if (providerReference === null && reference === null) {
    throw new SyntaxError("the callback names no checkout session");
  }
  return [
    {
      eventId: hintId(rawBody, now),
      type: "checkout_session.callback",
      occurredAt: now,
      providerReference,
      reference,
      state: null,
      isVerified: false,
      payload: said,
    },
  ];
}
