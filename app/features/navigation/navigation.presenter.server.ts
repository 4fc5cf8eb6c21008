import type { Mode } from "~/db/generated/enums";
import type { ActingRole } from "~/domain/actor";
import type { Services } from "~/domain/services";
import { isAllowed } from "~/domain/users/permissions";
import { countUnreadNotices } from "~/features/notices/notices.presenter.server";

/** What the frame around every signed-in page shows. */
export interface NavigationView {
  merchantName: string;
  /** IANA name: the user's own zone, or the merchant's. */
  timeZone: string;
  user: { name: string; role: ActingRole };
  /** Why one of Kadosei's staff looks at this merchant; null for its own team. */
  visitReason: string | null;
  mayReadAudit: boolean;
  /** Not archived, by name. */
  applications: { id: string; name: string; isEnabled: boolean }[];
  /** What the role may do, as far as the command menu offers it. */
  may: Record<
    "createApplication" | "createSession" | "writeKeys" | "writeWebhooks" | "connectTest" | "connectLive",
    boolean
  >;
  /** Notices that the member has not read, at most 100. */
  unread: number;
  /** Where links lead from pages that are about no single application; null when there is none yet. */
  lastScope: Scope | null;
}

export interface Scope {
  applicationId: string;
  mode: Mode;
}

interface Viewer {
  user: { id: string; firstName: string; lastName: string; timeZone: string | null };
  merchant: { id: string; name: string; timeZone: string };
  role: ActingRole;
  visit: { reason: string } | null;
  services: Pick<Services, "db">;
}

/** `remembered` is the scope that was open last; it counts only while that application is there. */
export async function presentNavigation(viewer: Viewer, remembered: Scope | null): Promise<NavigationView> {
  const { user, merchant, role, visit, services } = viewer;
  const [applications, unread] = await Promise.all([
    services.db.prisma.application.findMany({
      where: { merchantId: merchant.id, archivedAt: null },
      orderBy: { name: "asc" },
      select: { id: true, name: true, isEnabled: true },
    }),
    countUnreadNotices({ merchantId: merchant.id, userId: user.id }, services),
  ]);
  const isThere = applications.some(({ id }) => id === remembered?.applicationId);
  return {
    merchantName: merchant.name,
    timeZone: user.timeZone ?? merchant.timeZone,
    user: { name: `${user.firstName} ${user.lastName}`, role },
    visitReason: visit?.reason ?? null,
    may: {
      createApplication: isAllowed(role, "applications.write"),
      createSession: isAllowed(role, "sessions.create"),
      writeKeys: isAllowed(role, "api_keys.write"),
      writeWebhooks: isAllowed(role, "webhooks.write"),
      connectTest: isAllowed(role, "providers.write_test"),
      connectLive: isAllowed(role, "providers.write_live"),
    },
    unread,
    mayReadAudit: isAllowed(role, "audit.read"),
    applications,
    lastScope: remembered && isThere ? remembered : await busiestScope(merchant.id, services),
  };
}

/** The application with the newest test session, or else the newest one, in test mode; null without any. */
async function busiestScope(merchantId: string, { db }: Pick<Services, "db">): Promise<Scope | null> {
  const [row] = await db.query<{ id: string }>(
    `select a.id from applications a
       left join lateral (select max(created_at) as at from payment_sessions
                           where application_id = a.id and mode = 'test') s on true
      where a.merchant_id = $1 and a.archived_at is null
      order by s.at desc nulls last, a.created_at desc limit 1`,
    [merchantId],
  );
  return row ? { applicationId: row.id, mode: "test" } : null;
}
