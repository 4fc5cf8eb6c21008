import type { PaymentSession } from "~/db/generated/client";
import type { Services } from "~/domain/services";
import { checkoutSessionResource } from "./checkout-session.resource";
import { checkoutUrl } from "./checkout-token.server";

/** The two requests that make a session, by the path that was called. Each has an answer of its own shape. */
export type CreatePath =
  | "/api/v1/sessions"
  | "/api/v1/checkout-sessions"
  | "/api/sandbox/v1/checkout-sessions";

/** The body of a 201 (api.md §5.1, §5.5). `routed` is null while the customer has a method to choose. */
export function createdAnswer(
  path: CreatePath,
  session: PaymentSession,
  routed: { provider: string; score: number | null } | null,
  services: Pick<Services, "config" | "keyring">,
): { status: 201; body: string } {
  const url = checkoutUrl(services, session.id);
  if (path !== "/api/v1/sessions")
    return { status: 201, body: JSON.stringify(checkoutSessionResource(session, url)) };
  const score = routed?.score ?? null;
  return {
    status: 201,
    body: JSON.stringify({
      sessionId: session.id,
      checkoutUrl: url,
      status: "PENDING",
      routing: {
        selectedProvider: routed?.provider ?? null,
        score: score === null ? null : Math.round(score * 10) / 10,
      },
      expiresAt: session.expiresAt.toISOString(),
      createdAt: session.createdAt.toISOString(),
    }),
  };
}
