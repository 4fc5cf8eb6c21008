import type { SqlExecutor } from "~/db/database";
import type { Origin } from "~/domain/actor";
import { queueMail } from "~/domain/mail/send-mail.server";
import type { Services } from "~/domain/services";
import { newId } from "~/lib/ids";
import { endSignIns } from "./end-sign-ins.server";
import { recordUserAudit } from "./record-user-audit.server";
import { passwordChangedMail } from "./security-mail";
import { endUserTokens } from "./user-token.server";

/**
 * Stores a new password in the caller's transaction and does what follows from it: every other sign-in and every
 * open link to choose one ends, the person is told by mail, and it is in the audit log.
 */
export async function setPassword(
  tx: SqlExecutor,
  origin: Origin,
  input: {
    user: { userId: string; email: string; firstName: string; lastName: string };
    passwordHash: string;
    /** "password.reset": by a mailed link; "password.changed": signed in. */
    action: "password.reset" | "password.changed";
    keepSessionId?: string;
    now: Date;
  },
  services: Services,
): Promise<void> {
  const { user, passwordHash, action, keepSessionId, now } = input;
  const { userId } = user;
  await tx.query(
    "UPDATE users SET password_hash = $2, password_changed_at = $3, updated_at = $3 WHERE id = $1",
    [userId, passwordHash, now],
  );
  const ended = await endSignIns(tx, origin, { user, keepSessionId, now });
  await endUserTokens(tx, { userId, purposes: ["password_reset"], now });
  await recordUserAudit(tx, origin, user, { action, after: { sessionsEnded: ended } }, now);
  const mail = passwordChangedMail(user, services.config.appUrl);
  await queueMail(tx, mail, { once: newId() }, services);
}
