import type { SessionStatus } from "~/db/generated/enums";
import type { Actor } from "~/domain/actor";
import { recordAudit } from "~/domain/audit/record-audit.server";
import { readConnection } from "~/domain/providers/read-connection.server";
import type { Services } from "~/domain/services";
import { authorise } from "~/domain/users/permissions";
import { AppError } from "~/lib/errors";
import { ProviderRefusal } from "~/providers/port";
import { announceChange } from "./announce-change.server";
import { applyProviderState } from "./apply-provider-state.server";
import { ownSession } from "./own-session.server";
import { recordActivity } from "./record-activity.server";

const FETCH_MS = 5_000;

/**
 * Asks the provider how the session stands, and believes it.
 * @throws AppError FORBIDDEN; NOT_FOUND; CONFLICT when no provider has a checkout of it; BAD_GATEWAY when the
 *   provider does not answer.
 */
export async function syncSession(
  actor: Actor,
  input: { sessionId: string },
  services: Services,
): Promise<{ status: SessionStatus }> {
  authorise(actor, "sessions.sync");
  const session = await ownSession(services.db, actor, input.sessionId, "read");
  const { connectionId, providerReference } = session;
  const connection = connectionId === null ? null : await readConnection(services.db, connectionId, services);
  if (connection?.adapter == null || providerReference === null) {
    throw new AppError("CONFLICT", { message: "No provider has a checkout of this session" });
  }
  const state = await connection.adapter
    .fetchState(connection.context, providerReference, AbortSignal.timeout(FETCH_MS))
    .catch((error: unknown) => {
      if (error instanceof ProviderRefusal)
        throw new AppError("BAD_GATEWAY", {
          message: `${session.providerName} did not answer: ${error.message}`,
          cause: error,
        });
      throw error;
    });
  const status = await services.db.transaction(async (tx) => {
    const locked = await ownSession(tx, actor, input.sessionId, "lock");
    await recordActivity(
      tx,
      locked,
      "resynced",
      { state: state.state, provider: locked.providerName },
      services.clock.now(),
    );
    await applyProviderState(tx, locked, state, services);
    const { status } = await ownSession(tx, actor, input.sessionId, "read");
    if (actor.kind !== "user") return status;
    await recordAudit(
      tx,
      actor,
      {
        action: "payment_session.resynced",
        targetType: "payment_session",
        targetId: locked.id,
        targetLabel: locked.orderReference,
        before: { status: locked.status },
        after: { status, provider: locked.providerName },
        merchantId: locked.merchantId,
      },
      services.clock.now(),
    );
    return status;
  });
  announceChange(session, services);
  return { status };
}
