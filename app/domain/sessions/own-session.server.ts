import type { SqlExecutor } from "~/db/database";
import type { PaymentSession } from "~/db/generated/client";
import type { Actor } from "~/domain/actor";
import { AppError } from "~/lib/errors";
import { readSession } from "./session-row.server";

/**
 * A session that the actor may know of: of its merchant, and for an API key of its application and mode.
 * @throws AppError NOT_FOUND, the same for a foreign session as for a missing one (api.md §1).
 */
export async function ownSession(
  tx: SqlExecutor,
  actor: Actor,
  sessionId: string,
  lock: "lock" | "read",
): Promise<PaymentSession> {
  const session = await readSession(tx, sessionId, lock);
  if (session === null || !isOwn(actor, session)) throw new AppError("NOT_FOUND");
  return session;
}

function isOwn(actor: Actor, session: PaymentSession): boolean {
  switch (actor.kind) {
    case "system":
      return true;
    case "user":
      return session.merchantId === actor.merchantId;
    case "api_key":
      return session.applicationId === actor.applicationId && session.mode === actor.mode;
  }
}
