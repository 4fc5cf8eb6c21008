import { type Page, type PageQuery, toPage } from "~/contracts/common";
import { roles } from "~/contracts/team";
import type { Role } from "~/db/generated/enums";
import type { UserActor } from "~/domain/actor";
import type { Services } from "~/domain/services";
import { authorise, isAllowed, mayGive } from "~/domain/users/permissions";

export interface MemberView {
  userId: string;
  name: string;
  email: string;
  role: Role;
  isYou: boolean;
  /** The last time that they were seen in a browser, or that they signed in to or out of anything; null: never. */
  lastActiveAt: string | null;
  hasTwoFactor: boolean;
  isDisabled: boolean;
  joinedAt: string;
  /** The only owner can neither go nor become anything else. */
  isOnlyOwner: boolean;
  /** Whether you may change their role and take them out. */
  isYours: boolean;
}

export interface InvitationView {
  id: string;
  email: string;
  role: Role;
  state: "open" | "expired";
  expiresAt: string;
  /** Null when who sent it is gone. */
  invitedBy: string | null;
  isYours: boolean;
}

export interface TeamView {
  merchantName: string;
  page: Page<MemberView>;
  invitations: InvitationView[];
  /** The member that `?role=` or `?remove=` names, on whatever page. */
  member: MemberView | null;
  invitation: InvitationView | null;
  mayWrite: boolean;
  mayLeave: boolean;
  /** The roles that you may give, highest first. */
  givable: Role[];
}

type Row = Omit<MemberView, "lastActiveAt" | "joinedAt" | "isYou" | "isOnlyOwner" | "isYours"> & {
  lastActiveAt: Date | null;
  joinedAt: Date;
  owners: bigint;
  total: bigint;
};

/** The team with its open invitations. `chosen` names what a dialog is about. @throws AppError FORBIDDEN. */
export async function presentTeam(
  actor: UserActor,
  input: PageQuery & { merchantName: string; chosen: { userId: string | null; invitationId: string | null } },
  services: Services,
): Promise<TeamView> {
  authorise(actor, "team.read");
  const mayWrite = isAllowed(actor.role, "team.write");
  const { chosen, merchantName, page, limit } = input;
  const [rows, chosenRows, invitations] = await Promise.all([
    readMembers(actor, { userId: null, limit, offset: (page - 1) * limit }, services),
    chosen.userId === null
      ? []
      : readMembers(actor, { userId: chosen.userId, limit: 1, offset: 0 }, services),
    readInvitations(actor, services),
  ]);
  const toMember = ({ lastActiveAt, joinedAt, owners, total: _, ...row }: Row): MemberView => ({
    ...row,
    isYou: row.userId === actor.userId,
    lastActiveAt: lastActiveAt?.toISOString() ?? null,
    joinedAt: joinedAt.toISOString(),
    isOnlyOwner: row.role === "owner" && owners === 1n,
    isYours: mayWrite && mayGive(actor.role, row.role),
  });
  const total = rows[0]?.total ?? (await services.db.prisma.membership.count({ where: whose(actor) }));
  return {
    merchantName,
    page: toPage(rows.map(toMember), Number(total), { page, limit }),
    invitations,
    member: chosenRows.map(toMember)[0] ?? null,
    invitation: invitations.find(({ id }) => id === chosen.invitationId) ?? null,
    mayWrite,
    mayLeave: isAllowed(actor.role, "team.leave"),
    givable: mayWrite ? roles.filter((role) => mayGive(actor.role, role)) : [],
  };
}

const whose = (actor: UserActor) => ({ merchantId: actor.merchantId });

/** Highest role first, then by name. A browser's session is gone after signing out; the audit log knows of it. */
function readMembers(
  actor: UserActor,
  input: { userId: string | null; limit: number; offset: number },
  { db }: Services,
): Promise<Row[]> {
  return db.query<Row>(
    `select m.user_id as "userId", u.first_name || ' ' || u.last_name as name, u.email, m.role,
       u.totp_enabled_at is not null as "hasTwoFactor", u.disabled_at is not null as "isDisabled",
       m.created_at as "joinedAt",
       (select count(*) from memberships where merchant_id = $1 and role = 'owner') as owners,
       count(*) over () as total,
       greatest(
         (select max(s.last_seen_at) from user_sessions s where s.user_id = u.id and s.merchant_id = $1),
         (select max(a.created_at) from audit_logs a
           where a.merchant_id = $1 and a.target_type = 'user' and a.target_id = u.id::text and a.actor_id = u.id)
       ) as "lastActiveAt"
     from memberships m join users u on u.id = m.user_id
     where m.merchant_id = $1 and ($2::uuid is null or m.user_id = $2)
     order by m.role, lower(u.first_name), lower(u.last_name), u.id limit $3 offset $4`,
    [actor.merchantId, input.userId, input.limit, input.offset],
  );
}

async function readInvitations(actor: UserActor, { db, clock }: Services): Promise<InvitationView[]> {
  const rows = await db.prisma.invitation.findMany({
    where: { ...whose(actor), acceptedAt: null, revokedAt: null },
    orderBy: [{ createdAt: "desc" }, { id: "desc" }],
  });
  const senders = await db.prisma.user.findMany({
    where: { id: { in: rows.flatMap(({ invitedById }) => invitedById ?? []) } },
    select: { id: true, firstName: true, lastName: true },
  });
  const names = new Map(senders.map((user) => [user.id, `${user.firstName} ${user.lastName}`]));
  const now = clock.now();
  return rows.map(({ id, email, role, expiresAt, invitedById }) => ({
    id,
    email,
    role,
    state: expiresAt > now ? "open" : "expired",
    expiresAt: expiresAt.toISOString(),
    invitedBy: names.get(invitedById ?? "") ?? null,
    isYours: isAllowed(actor.role, "team.write") && mayGive(actor.role, role),
  }));
}
