import type { Services } from "~/domain/services";
import { readTeam } from "~/domain/sessions/add-note.server";
import { handleOf, notePieces } from "~/domain/sessions/mentions";

export interface NoteView {
  id: string;
  author: string;
  isOwn: boolean;
  /** ISO 8601. */
  at: string;
  /** The text, cut at its mentions; `isMention` parts name a member. */
  pieces: { text: string; isMention: boolean }[];
}

export interface NotesView {
  notes: NoteView[];
  /** Who can be mentioned, and what to write after the "@": not the reader, who need not be told. */
  team: { id: string; name: string; handle: string }[];
}

/** The notes of a session, oldest first, and the team that they are for. */
export async function presentNotes(
  { merchantId, sessionId, userId }: { merchantId: string; sessionId: string; userId: string },
  services: Pick<Services, "db">,
): Promise<NotesView> {
  const { prisma } = services.db;
  const [notes, team] = await Promise.all([
    prisma.sessionNote.findMany({
      where: { merchantId, sessionId },
      orderBy: [{ createdAt: "asc" }, { id: "asc" }],
    }),
    readTeam(services.db, merchantId),
  ]);
  // Those who have left the team wrote, too.
  const authors = await prisma.user.findMany({
    where: { id: { in: [...new Set(notes.map(({ authorId }) => authorId))] } },
    select: { id: true, firstName: true, lastName: true },
  });
  const names = new Map(authors.map(({ id, firstName, lastName }) => [id, `${firstName} ${lastName}`]));
  return {
    notes: notes.map(({ id, authorId, body, mentions, createdAt }) => ({
      id,
      author: names.get(authorId) ?? "Somebody who has left",
      isOwn: authorId === userId,
      at: createdAt.toISOString(),
      pieces: notePieces(
        body,
        team.filter((member) => mentions.includes(member.id)),
      ).map((piece) => ({ text: piece.text, isMention: piece.userId !== null })),
    })),
    team: team
      .filter(({ id }) => id !== userId)
      .map((member) => ({
        id: member.id,
        name: `${member.firstName} ${member.lastName}`,
        handle: handleOf(member, team),
      })),
  };
}
