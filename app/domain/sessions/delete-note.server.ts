import type { UserActor } from "~/domain/actor";
import { recordAudit } from "~/domain/audit/record-audit.server";
import type { Services } from "~/domain/services";
import { authorise } from "~/domain/users/permissions";
import { AppError } from "~/lib/errors";
import { mentionKey } from "./add-note.server";
import { ownSession } from "./own-session.server";

/**
 * Takes back a note of one's own, with the notices that repeat it.
 * @throws AppError FORBIDDEN for another's; NOT_FOUND.
 */
export async function deleteNote(
  actor: UserActor,
  input: { sessionId: string; noteId: string },
  services: Services,
): Promise<void> {
  authorise(actor, "sessions.annotate");
  await services.db.transaction(async (tx) => {
    const session = await ownSession(tx, actor, input.sessionId, "read");
    const [note] = await tx.query<{ authorId: string; mentions: string[] }>(
      `select author_id as "authorId", mentions from session_notes where id = $1 and session_id = $2 and merchant_id = $3 for update`,
      [input.noteId, session.id, actor.merchantId],
    );
    if (note === undefined) throw new AppError("NOT_FOUND");
    if (note.authorId !== actor.userId)
      throw new AppError("FORBIDDEN", { message: "Only its author can delete a note" });
    await tx.query("delete from session_notes where id = $1 and merchant_id = $2", [
      input.noteId,
      actor.merchantId,
    ]);
    await tx.query("delete from notices where merchant_id = $1 and dedupe_key = any($2::text[])", [
      actor.merchantId,
      note.mentions.map((userId) => mentionKey(input.noteId, userId)),
    ]);
    await recordAudit(
      tx,
      actor,
      {
        action: "session_note.deleted",
        targetType: "payment_session",
        targetId: session.id,
        targetLabel: session.orderReference,
        before: { note: input.noteId },
        merchantId: actor.merchantId,
      },
      services.clock.now(),
    );
  });
}
