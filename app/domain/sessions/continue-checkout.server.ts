import type { Actor } from "~/domain/actor";
import type { Services } from "~/domain/services";
import { AppError } from "~/lib/errors";
import { chooseMethod } from "./choose-method.server";
import { expireOverdue } from "./get-session.server";
import { ownSession } from "./own-session.server";
import { recordActivity } from "./record-activity.server";
import { isFinal } from "./session-state";

/**
 * Sends the customer on to the provider's page, of the payment method that is chosen with it where there are
 * several. Double clicks get the same page.
 * @throws AppError CONFLICT when the session is finished or its time is over; and as chooseMethod does.
 */
export async function continueCheckout(
  actor: Actor,
  input: { sessionId: string; paymentMethod: string | null },
  services: Services,
): Promise<{ redirectUrl: string }> {
  const current = await ownSession(services.db, actor, input.sessionId, "read");
  if (!isFinal(current.status) && current.expiresAt <= services.clock.now())
    await expireOverdue(current.id, services);
  if (current.allowedPaymentMethods.length > 1 && !isFinal(current.status))
    await chooseMethod(actor, input, services);
  return services.db.transaction(async (tx) => {
    const session = await ownSession(tx, actor, input.sessionId, "lock");
    const [attempt] = await tx.query<{ url: string | null }>(
      `select provider_checkout_url as url from attempts where session_id = $1 and status = 'ACCEPTED' order by number desc limit 1`,
      [session.id],
    );
    if (isFinal(session.status) || !attempt?.url)
      throw new AppError("CONFLICT", { message: "This checkout is closed" });
    if (session.forwardedAt === null) {
      const now = services.clock.now();
      await recordActivity(tx, session, "forwarded", { provider: session.providerName }, now);
      await tx.query("update payment_sessions set forwarded_at = $2 where id = $1", [session.id, now]);
    }
    return { redirectUrl: attempt.url };
  });
}
