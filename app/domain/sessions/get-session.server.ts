import type { PaymentSession } from "~/db/generated/client";
import type { Actor } from "~/domain/actor";
import type { Services } from "~/domain/services";
import { authorise } from "~/domain/users/permissions";
import { changeStatus } from "./change-status.server";
import { ownSession } from "./own-session.server";
import { isFinal } from "./session-state";

/**
 * One session, expired to the second: one that is overdue when it is read expires by being read
 * (api.md §5.4). @throws AppError NOT_FOUND.
 */
export async function getSession(
  actor: Actor,
  input: { sessionId: string },
  services: Services,
): Promise<PaymentSession> {
  authorise(actor, "sessions.read");
  const session = await ownSession(services.db, actor, input.sessionId, "read");
  if (isFinal(session.status) || session.expiresAt > services.clock.now()) return session;
  return expireOverdue(session.id, services).then((expired) => expired ?? session);
}

/** Expires a session whose time is over. The session as it is then; null when it is gone. */
export async function expireOverdue(sessionId: string, services: Services): Promise<PaymentSession | null> {
  const session = await services.db.transaction(async (tx) => {
    const locked = await ownSession(
      tx,
      { kind: "system", requestId: "expiry", ip: null, userAgent: null },
      sessionId,
      "lock",
    );
    if (isFinal(locked.status) || locked.expiresAt > services.clock.now()) return locked;
    return (
      (await changeStatus(tx, locked, { status: "EXPIRED", failureReason: "expired" }, services)) ?? locked
    );
  });
  services.jobs.wake("deliver-webhook");
  return session;
}
