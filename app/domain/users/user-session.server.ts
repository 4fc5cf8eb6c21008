import type { SqlExecutor } from "~/db/database";
import type { Role } from "~/db/generated/enums";
import type { ActingRole, Origin } from "~/domain/actor";
import { recordAudit } from "~/domain/audit/record-audit.server";
import type { Services } from "~/domain/services";
import { asStaff, endVisit, VISIT_MS } from "~/domain/support/end-visits.server";
import { randomToken, sha256 } from "~/lib/crypto.server";
import { AppError } from "~/lib/errors";
import { newId } from "~/lib/ids";
import { holdProof } from "./hold-proof.server";
import type { SignedInUser } from "./sign-in.server";

// schema.prisma, UserSession.
const IDLE_MS = 12 * 3_600_000;
const ABSOLUTE_MS = 7 * 24 * 3_600_000;
const TOUCH_EVERY_MS = 60_000;

/** Who is signed in in a browser. */
export interface UserSessionView {
  id: string;
  user: {
    id: string;
    email: string;
    firstName: string;
    lastName: string;
    isStaff: boolean;
    timeZone: string | null;
  };
  /** The merchant whose dashboard is open, and the role there now; null for staff without one. */
  merchant: { id: string; name: string; timeZone: string } | null;
  role: ActingRole | null;
  /** Of staff who look at that merchant: what they said it is for. */
  visit: { id: string; reason: string } | null;
  /** When the person last proved to be who they are, by password or code. */
  reauthenticatedAt: Date | null;
  /** Two-factor is on. */
  hasSecondFactor: boolean;
}

/** What a person proved beside the password. */
export type SecondFactor = "totp" | "recovery_code";

/**
 * Starts a browser's session, in the merchant named or the user's first one. The token goes into the cookie; only
 * its hash is stored. Always a new one: the caller ends the session that the browser had.
 * @throws AppError INVALID_CREDENTIALS when the password was changed, or every sign-in ended, since it was proved.
 * @throws Error for a user with two-factor whose second factor was not proved.
 */
export async function createUserSession(
  origin: Origin,
  input: { user: SignedInUser; merchantId?: string; secondFactor?: SecondFactor },
  services: Services,
): Promise<{ token: string; expiresAt: Date }> {
  const { user, secondFactor } = input;
  if (user.hasSecondFactor && secondFactor === undefined) throw new Error("the second factor was not proved");
  const now = services.clock.now();
  const token = randomToken();
  const expiresAt = new Date(now.getTime() + ABSOLUTE_MS);
  const merchantId = input.merchantId ?? user.memberships[0]?.merchantId ?? null;
  await services.db.transaction(async (tx) => {
    await holdProof(tx, user);
    await tx.query(
      `INSERT INTO user_sessions (id, user_id, merchant_id, token_hash, ip, user_agent, created_at, last_seen_at,
         expires_at, reauthenticated_at)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $7, $8, $7)`,
      [newId(), user.id, merchantId, sha256(token), origin.ip, origin.userAgent, now, expiresAt],
    );
    await recordSign(tx, origin, "user.signed_in", { ...user, merchantId }, now, secondFactor);
  });
  return { token, expiresAt };
}

interface SessionRow {
  id: string;
  lastSeenAt: Date;
  merchantId: string | null;
  userId: string;
  email: string;
  firstName: string;
  lastName: string;
  isStaff: boolean;
  timeZone: string | null;
  merchantName: string | null;
  merchantTimeZone: string | null;
  role: Role | null;
  visitId: string | null;
  visitReason: string | null;
  reauthenticatedAt: Date | null;
  hasSecondFactor: boolean;
}

/**
 * The session of a cookie's token; null when there is none, it is over (12 hours idle, 7 days at the
 * most), or the user was disabled or has left the merchant's team. Notes that it was seen, at most once
 * a minute.
 */
export async function findUserSession(token: string, services: Services): Promise<UserSessionView | null> {
  const now = services.clock.now();
  const [row] = await services.db.query<SessionRow>(
    `SELECT s.id, s.last_seen_at AS "lastSeenAt", coalesce(v.merchant_id, s.merchant_id) AS "merchantId", u.id AS "userId", u.email,
       u.first_name AS "firstName", u.last_name AS "lastName", u.is_staff AS "isStaff", u.time_zone AS "timeZone",
       c.name AS "merchantName", c.time_zone AS "merchantTimeZone", m.role,
       v.id AS "visitId", v.reason AS "visitReason",
       s.reauthenticated_at AS "reauthenticatedAt", u.totp_enabled_at IS NOT NULL AS "hasSecondFactor"
     FROM user_sessions s
       JOIN users u ON u.id = s.user_id
       LEFT JOIN support_visits v ON v.id = s.support_visit_id AND v.staff_user_id = u.id AND u.is_staff
         AND v.ended_at IS NULL AND v.started_at > $4
       LEFT JOIN memberships m ON v.id IS NULL AND m.user_id = s.user_id AND m.merchant_id = s.merchant_id
       LEFT JOIN merchants c ON c.id = coalesce(v.merchant_id, m.merchant_id)
     WHERE s.token_hash = $1 AND s.expires_at > $2 AND s.last_seen_at > $3 AND u.disabled_at IS NULL`,
    [sha256(token), now, new Date(now.getTime() - IDLE_MS), new Date(now.getTime() - VISIT_MS)],
    { prepare: true },
  );
  if (row === undefined || (row.merchantId !== null && row.role === null && row.visitId === null))
    return null;
  if (row.lastSeenAt.getTime() <= now.getTime() - TOUCH_EVERY_MS) {
    await services.db.query(
      "UPDATE user_sessions SET last_seen_at = $2 WHERE id = $1 AND last_seen_at < $2",
      [row.id, now],
    );
  }
  const { merchantId, merchantName, merchantTimeZone, visitId, visitReason } = row;
  const isMember = merchantId !== null && merchantName !== null && merchantTimeZone !== null;
  return {
    id: row.id,
    user: {
      id: row.userId,
      email: row.email,
      firstName: row.firstName,
      lastName: row.lastName,
      isStaff: row.isStaff,
      timeZone: row.timeZone,
    },
    merchant: isMember ? { id: merchantId, name: merchantName, timeZone: merchantTimeZone } : null,
    role: visitId === null ? row.role : "staff",
    visit: visitId === null ? null : { id: visitId, reason: visitReason ?? "" },
    reauthenticatedAt: row.reauthenticatedAt,
    hasSecondFactor: row.hasSecondFactor,
  };
}

/**
 * Opens another merchant's dashboard in a session. A support visit that it was on ends.
 * @throws AppError NOT_FOUND when the user is not in that merchant's team.
 */
export async function openMerchant(
  origin: Origin,
  input: { sessionId: string; userId: string; merchantId: string },
  services: Services,
): Promise<{ merchantName: string }> {
  const { sessionId, userId, merchantId } = input;
  const now = services.clock.now();
  return services.db.transaction(async (tx) => {
    const [opened] = await tx.query<{
      merchantName: string;
      firstName: string;
      lastName: string;
      visitId: string | null;
    }>(
      `UPDATE user_sessions s SET merchant_id = m.id, support_visit_id = NULL
       FROM (SELECT id, support_visit_id FROM user_sessions WHERE id = $1 AND user_id = $2 FOR UPDATE) o,
         memberships t JOIN merchants m ON m.id = t.merchant_id JOIN users u ON u.id = t.user_id
       WHERE s.id = o.id AND t.user_id = s.user_id AND t.merchant_id = $3
       RETURNING m.name AS "merchantName", u.first_name AS "firstName", u.last_name AS "lastName",
         o.support_visit_id AS "visitId"`,
      [sessionId, userId, merchantId],
    );
    if (opened === undefined) throw new AppError("NOT_FOUND");
    // To that merchant this is where the person came in.
    await recordSign(tx, origin, "user.signed_in", { ...opened, id: userId, merchantId }, now);
    const { visitId } = opened;
    await endVisit(tx, asStaff(origin, { ...opened, userId }), { staffUserId: userId, visitId }, now);
    return { merchantName: opened.merchantName };
  });
}

/** Ends the session of a token: signing out. Repeatable. */
export async function endUserSession(
  origin: Origin,
  input: { token: string },
  services: Services,
): Promise<void> {
  const now = services.clock.now();
  await services.db.transaction(async (tx) => {
    const [user] = await tx.query<{
      id: string;
      merchantId: string | null;
      firstName: string;
      lastName: string;
      visitId: string | null;
    }>(
      `DELETE FROM user_sessions s USING users u WHERE s.token_hash = $1 AND u.id = s.user_id
       RETURNING u.id, s.merchant_id AS "merchantId", u.first_name AS "firstName", u.last_name AS "lastName",
         s.support_visit_id AS "visitId"`,
      [sha256(input.token)],
    );
    if (user === undefined) return;
    await recordSign(tx, origin, "user.signed_out", user, now);
    const { id: staffUserId, visitId } = user;
    await endVisit(tx, asStaff(origin, { ...user, userId: staffUserId }), { staffUserId, visitId }, now);
  });
}

/** One line of the audit log, by the user whom it is about. */
async function recordSign(
  tx: SqlExecutor,
  origin: Origin,
  action: string,
  user: { id: string; merchantId: string | null; firstName: string; lastName: string },
  now: Date,
  secondFactor?: SecondFactor,
): Promise<void> {
  const label = `${user.firstName} ${user.lastName}`;
  await recordAudit(
    tx,
    { ...origin, kind: "user", userId: user.id, label },
    {
      action,
      targetType: "user",
      targetId: user.id,
      targetLabel: label,
      after: { through: "dashboard", ...(secondFactor ? { secondFactor } : {}) },
      merchantId: user.merchantId,
    },
    now,
  );
}
