/** A member of the team who can be mentioned. */
export interface Mentionable {
  id: string;
  firstName: string;
  lastName: string;
  email: string;
}

/** A part of a note; with `userId` it names that member. */
export interface NotePiece {
  text: string;
  userId: string | null;
}

/**
 * A note cut at its mentions: "@" and a member's whole name, e-mail address, or first name where no other has it.
 * An "@" inside a word, as in an e-mail address, mentions nobody; nor does a name that two members share.
 */
export function notePieces(body: string, members: readonly Mentionable[]): NotePiece[] {
  const handles = handlesOf(members);
  const pieces: NotePiece[] = [];
  let from = 0;
  const add = (to: number, userId: string | null) => {
    if (to > from) pieces.push({ text: body.slice(from, to), userId });
    from = to;
  };
  for (const { index } of body.matchAll(/(?<![\p{L}\p{N}_.+-])@/gu)) {
    if (index < from) continue;
    const found = handles.find(({ name }) => {
      const end = index + 1 + name.length;
      return body.slice(index + 1, end).toLowerCase() === name && !/^[\p{L}\p{N}_]/u.test(body.slice(end));
    });
    if (!found) continue;
    add(index, null);
    add(index + 1 + found.name.length, found.userId);
  }
  add(body.length, null);
  return pieces;
}

/** The members that a note mentions, each once. */
export function mentionsOf(body: string, members: readonly Mentionable[]): string[] {
  return [...new Set(notePieces(body, members).flatMap(({ userId }) => (userId === null ? [] : [userId])))];
}

/** What mentions this member after an "@": the whole name, or the e-mail address where another has the same name. */
export function handleOf(member: Mentionable, members: readonly Mentionable[]): string {
  const name = `${member.firstName} ${member.lastName}`;
  return mentionsOf(`@${name}`, members).includes(member.id) ? name : member.email;
}

/** What may follow an "@", in lower case, the longest first: "tom reyes" before "tom". */
function handlesOf(members: readonly Mentionable[]): { name: string; userId: string }[] {
  const owners = new Map<string, Set<string>>();
  for (const { id, firstName, lastName, email } of members) {
    for (const name of [`${firstName} ${lastName}`, email, firstName]) {
      const handle = name.trim().toLowerCase();
      if (handle !== "") owners.set(handle, (owners.get(handle) ?? new Set()).add(id));
    }
  }
  return [...owners]
    .flatMap(([name, [userId, ...others]]) =>
      userId === undefined || others.length > 0 ? [] : [{ name, userId }],
    )
    .sort((a, b) => b.name.length - a.name.length);
}
