import type { PaymentSession } from "~/db/generated/client";
import type { Actor } from "~/domain/actor";
import type { Services } from "~/domain/services";
import { authorise } from "~/domain/users/permissions";
import { announceChange } from "./announce-change.server";
import { changeStatus } from "./change-status.server";
import type { SessionScope } from "./list-sessions.server";
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

/** The most that one read expires; the sweep does the rest. */
const AT_ONCE = 100;

/** Expires what is overdue in a list's scope before it is read, so that lists are exact to the second, too. */
export async function expireOverdueSessions(scope: SessionScope, services: Services): Promise<void> {
  const overdue = await services.db.query<{ id: string }>(
    `select id from payment_sessions
      where status in ('PENDING', 'REQUIRES_ACTION', 'PROCESSING') and expires_at <= $1 and merchant_id = $2
        and ($3::uuid is null or application_id = $3) and ($4::mode is null or mode = $4)
      order by expires_at limit ${AT_ONCE}`,
    [services.clock.now(), scope.merchantId, scope.applicationId ?? null, scope.mode ?? null],
  );
  for (const { id } of overdue) await expireOverdue(id, services);
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
  announceChange(session, services);
  return session;
}
