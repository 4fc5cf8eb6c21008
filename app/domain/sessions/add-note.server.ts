import type { SqlExecutor } from "~/db/database";
import type { PaymentSession } from "~/db/generated/client";
import type { UserActor } from "~/domain/actor";
import { recordAudit } from "~/domain/audit/record-audit.server";
import type { Services } from "~/domain/services";
import { authorise } from "~/domain/users/permissions";
import { newId } from "~/lib/ids";
import { type Mentionable, mentionsOf } from "./mentions";
import { ownSession } from "./own-session.server";

/** As much of a note as a notice of it repeats. */
const EXCERPT = 280;

/**
 * Adds a note to a session. Members whom it mentions get a notice each, which is mailed; the author does not.
 * The same `id` twice makes one note. Gives how many were told.
 * @throws AppError FORBIDDEN; NOT_FOUND.
 */
export async function addNote(
  actor: UserActor,
  input: { id: string; sessionId: string; body: string },
  services: Services,
): Promise<{ told: number }> {
  authorise(actor, "sessions.annotate");
  const now = services.clock.now();
  return services.db.transaction(async (tx) => {
    const session = await ownSession(tx, actor, input.sessionId, "read");
    const mentions = mentionsOf(input.body, await readTeam(tx, actor.merchantId));
    const added = await tx.query(
      `insert into session_notes (id, merchant_id, session_id, author_id, body, mentions, created_at)
       values ($1, $2, $3, $4, $5, $6::uuid[], $7) on conflict (id) do nothing returning id`,
      [input.id, actor.merchantId, session.id, actor.userId, input.body, mentions, now],
    );
    if (added.length === 0) return { told: 0 };
    const told = mentions.filter((userId) => userId !== actor.userId);
    for (const userId of told) await tell(tx, { actor, session, note: input, userId, now });
    await recordAudit(
      tx,
      actor,
      {
        action: "session_note.added",
        targetType: "payment_session",
        targetId: session.id,
        targetLabel: session.orderReference,
        after: { note: input.id, mentions: told.length },
        merchantId: actor.merchantId,
      },
      now,
    );
    return { told: told.length };
  });
}

/** The members of a merchant's team who can sign in. */
export function readTeam(tx: SqlExecutor, merchantId: string): Promise<Mentionable[]> {
  return tx.query<Mentionable & Record<string, unknown>>(
    `select u.id, u.first_name as "firstName", u.last_name as "lastName", u.email
       from memberships m join users u on u.id = m.user_id
      where m.merchant_id = $1 and u.disabled_at is null order by u.first_name, u.last_name, u.id`,
    [merchantId],
  );
}

/** Of notices about a note, so that they can go with it. */
export const mentionKey = (noteId: string, userId: string) => `mention:${noteId}:${userId}`;

async function tell(
  tx: SqlExecutor,
  told: {
    actor: UserActor;
    session: PaymentSession;
    note: { id: string; body: string };
    userId: string;
    now: Date;
  },
): Promise<void> {
  const { actor, session, note, userId, now } = told;
  const letters = [...note.body.replace(/\s+/g, " ")];
  const excerpt = letters.length > EXCERPT ? `${letters.slice(0, EXCERPT).join("")}…` : letters.join("");
  await tx.query(
    `insert into notices (id, merchant_id, user_id, kind, title, body, url, dedupe_key, created_at)
     values ($1, $2, $3, 'mention', $4, $5, $6, $7, $8) on conflict (merchant_id, dedupe_key) do nothing`,
    [
      newId(),
      session.merchantId,
      userId,
      `${actor.label} mentioned you`,
      `On order ${session.orderReference}: “${excerpt}”`,
      `/apps/${session.applicationId}/${session.mode}/sessions/${session.id}#note-${note.id}`,
      mentionKey(note.id, userId),
      now,
    ],
  );
}
