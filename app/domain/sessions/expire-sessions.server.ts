import type { Mode, SessionStatus } from "~/db/generated/enums";
import type { UserActor } from "~/domain/actor";
import type { Services } from "~/domain/services";
import { authorise } from "~/domain/users/permissions";
import { isAppError } from "~/lib/errors";
import { expireSession } from "./expire-session.server";
import { isFinal } from "./session-state";

/** As many as a page of the list has at the most. */
export const MOST_AT_ONCE = 100;

/** What became of one of several sessions. */
export interface ExpiredSession {
  id: string;
  order: string;
  /** "final": it was over before, and stays as it is. */
  result: "expired" | "final";
  status: SessionStatus;
}

/**
 * Closes the open ones among some sessions of an application and mode, one by one: each is closed or not, whatever
 * becomes of the others. Ids that are none of its sessions are passed over.
 * @throws AppError FORBIDDEN.
 */
export async function expireSessions(
  actor: UserActor,
  input: { applicationId: string; mode: Mode; sessionIds: readonly string[] },
  services: Services,
): Promise<ExpiredSession[]> {
  authorise(actor, "sessions.expire");
  const sessions = await services.db.query<{ id: string; order: string; status: SessionStatus }>(
    `select id, order_reference as "order", status from payment_sessions
      where id = any($1::uuid[]) and merchant_id = $2 and application_id = $3 and mode = $4::mode
      order by created_at desc, id desc limit ${MOST_AT_ONCE}`,
    [[...input.sessionIds], actor.merchantId, input.applicationId, input.mode],
  );
  const results: ExpiredSession[] = [];
  for (const { id, order, status } of sessions) {
    if (isFinal(status)) {
      results.push({ id, order, result: "final", status });
      continue;
    }
    try {
      await expireSession(actor, { sessionId: id }, services);
      results.push({ id, order, result: "expired", status: "EXPIRED" });
    } catch (error) {
      // Paid or failed between the list and here.
      if (!isAppError(error, "CONFLICT")) throw error;
      const now = await services.db.prisma.paymentSession.findFirst({
        where: { id, merchantId: actor.merchantId },
        select: { status: true },
      });
      results.push({ id, order, result: "final", status: now?.status ?? status });
    }
  }
  return results;
}
