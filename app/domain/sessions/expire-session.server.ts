import type { PaymentSession } from "~/db/generated/client";
import type { Actor } from "~/domain/actor";
import { recordAudit } from "~/domain/audit/record-audit.server";
import type { Services } from "~/domain/services";
import { authorise } from "~/domain/users/permissions";
import { AppError } from "~/lib/errors";
import { announceChange } from "./announce-change.server";
import { changeStatus } from "./change-status.server";
import { ownSession } from "./own-session.server";
import { recordActivity } from "./record-activity.server";

/**
 * Closes an unpaid session before its time (api.md §5.4). Repeating it is harmless.
 * @throws AppError NOT_FOUND; CONFLICT when it was paid or has failed.
 */
export async function expireSession(
  actor: Actor,
  input: { sessionId: string },
  services: Services,
): Promise<PaymentSession> {
  authorise(actor, "sessions.expire");
  const session = await services.db.transaction(async (tx) => {
    const locked = await ownSession(tx, actor, input.sessionId, "lock");
    if (locked.status === "EXPIRED") return locked;
    const by =
      actor.kind === "user"
        ? actor.label
        : actor.kind === "api_key"
          ? `API key ${actor.keyPrefix}…`
          : "Kadosei";
    await recordActivity(tx, locked, "expire_requested", { by }, services.clock.now());
    const changed = await changeStatus(tx, locked, { status: "EXPIRED", failureReason: "expired" }, services);
    if (changed === null)
      throw new AppError("CONFLICT", { message: "The session is finished and cannot expire any more" });
    // A server's calls are in the session's timeline and the API logs; people are in the audit log too.
    if (actor.kind === "user") {
      await recordAudit(
        tx,
        actor,
        {
          action: "payment_session.expired",
          targetType: "payment_session",
          targetId: changed.id,
          targetLabel: changed.orderReference,
          before: { status: locked.status },
          after: { status: changed.status },
          merchantId: changed.merchantId,
        },
        services.clock.now(),
      );
    }
    return changed;
  });
  announceChange(session, services);
  return session;
}
