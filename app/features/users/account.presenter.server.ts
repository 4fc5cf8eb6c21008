import type { Services } from "~/domain/services";
import type { UserSessionView } from "~/domain/users/user-session.server";
import { deviceOf } from "./device";

// user-session.server.ts ends a session after as long without use.
const IDLE_MS = 12 * 3_600_000;

export interface AccountView {
  email: string;
  firstName: string;
  lastName: string;
  /** The person's own; null is the merchant's. */
  timeZone: string | null;
  merchantTimeZone: string | null;
  /** IANA names to choose from. */
  timeZones: string[];
  merchants: { id: string; name: string; role: string; isOpen: boolean }[];
}

/** What `/account` shows. */
export async function presentAccount(
  session: UserSessionView,
  { db }: Pick<Services, "db">,
): Promise<AccountView> {
  const { user, visit } = session;
  // Not the one that staff look at: these pages are about themselves.
  const merchant = visit === null ? session.merchant : null;
  const memberships = await db.prisma.membership.findMany({
    where: { userId: user.id },
    orderBy: { createdAt: "asc" },
    select: { merchantId: true, role: true, merchant: { select: { name: true } } },
  });
  return {
    email: user.email,
    firstName: user.firstName,
    lastName: user.lastName,
    timeZone: user.timeZone,
    merchantTimeZone: merchant?.timeZone ?? null,
    timeZones: ["UTC", ...Intl.supportedValuesOf("timeZone").filter((zone) => zone !== "UTC")],
    merchants: memberships.map(({ merchantId, role, merchant: { name } }) => ({
      id: merchantId,
      name,
      role,
      isOpen: merchantId === merchant?.id,
    })),
  };
}

export interface SignInRow {
  id: string;
  device: string;
  isPhone: boolean;
  ip: string | null;
  /** ISO 8601. */
  signedInAt: string;
  lastSeenAt: string;
  expiresAt: string;
  isThis: boolean;
}

export interface SecurityView {
  email: string;
  passwordChangedAt: string;
  twoFactor: { since: string; recoveryCodes: number } | null;
  signIns: SignInRow[];
  /** Sign-ins of programs, through the API, that can still be refreshed. */
  apiSignIns: number;
}

/** What `/account/security` shows. */
export async function presentSecurity(
  session: UserSessionView,
  { db, clock }: Pick<Services, "db" | "clock">,
): Promise<SecurityView> {
  const userId = session.user.id;
  const now = clock.now();
  const [user, rows, families] = await Promise.all([
    db.prisma.user.findUniqueOrThrow({
      where: { id: userId },
      select: {
        passwordChangedAt: true,
        totpEnabledAt: true,
        _count: { select: { recoveryCodes: { where: { usedAt: null } } } },
      },
    }),
    db.prisma.userSession.findMany({
      where: { userId, expiresAt: { gt: now }, lastSeenAt: { gt: new Date(now.getTime() - IDLE_MS) } },
      orderBy: { lastSeenAt: "desc" },
    }),
    db.prisma.refreshToken.findMany({
      where: { userId, spentAt: null, revokedAt: null, expiresAt: { gt: now } },
      select: { familyId: true },
      distinct: ["familyId"],
    }),
  ]);
  const signIns = rows.map((row): SignInRow => {
    const { name, isPhone } = deviceOf(row.userAgent);
    return {
      id: row.id,
      device: name,
      isPhone,
      ip: row.ip,
      signedInAt: row.createdAt.toISOString(),
      lastSeenAt: row.lastSeenAt.toISOString(),
      expiresAt: row.expiresAt.toISOString(),
      isThis: row.id === session.id,
    };
  });
  return {
    email: session.user.email,
    passwordChangedAt: user.passwordChangedAt.toISOString(),
    twoFactor: user.totpEnabledAt
      ? { since: user.totpEnabledAt.toISOString(), recoveryCodes: user._count.recoveryCodes }
      : null,
    // This browser first.
    signIns: signIns.sort((a, b) => Number(b.isThis) - Number(a.isThis)),
    apiSignIns: families.length,
  };
}
