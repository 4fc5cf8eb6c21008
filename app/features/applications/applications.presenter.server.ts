import type { Retention } from "~/contracts/applications";
import { type Page, type PageQuery, toPage } from "~/contracts/common";
import type { UserActor } from "~/domain/actor";
import { logoPath } from "~/domain/applications/application-logo.server";
import type { Services } from "~/domain/services";
import { callbackSecretFingerprint } from "~/domain/webhooks/callback-secret.server";

export interface ApplicationRow {
  id: string;
  name: string;
  description: string | null;
  state: "enabled" | "disabled" | "archived";
  createdAt: string;
  /** Keys that work now, in both modes; none of an archived application's do. */
  workingKeys: number;
  /** Connections that are not paused, by mode; routing uses none of an archived application. */
  connections: { test: number; live: number };
  /** Endpoints that get events, in both modes. */
  endpoints: number;
  lastSessionAt: string | null;
}

export interface ApplicationView extends ApplicationRow {
  retention: Retention;
  /** Sessions that a customer can still pay. */
  openSessions: number;
  /** Null: nobody asks whether orders are fulfilled. */
  unfulfilledAfterMinutes: number | null;
  /** What the merchant is called where the application has no name of its own for customers. */
  merchantName: string;
  merchantTimeZone: string;
  /** What customers see; null is what comes instead. */
  brand: {
    displayName: string | null;
    accentColor: string | null;
    checkoutLanguage: string | null;
    supportContact: string | null;
    timeZone: string | null;
    /** Path of the picture. */
    logo: string | null;
  };
  /** Signs what goes to the sessions' own callback URLs; null until it is made. */
  callbackSecret: { fingerprint: string; previousExpiresAt: string | null } | null;
}

type Raw = {
  id: string;
  name: string;
  description: string | null;
  isEnabled: boolean;
  archivedAt: Date | null;
  createdAt: Date;
  workingKeys: bigint;
  testConnections: bigint;
  liveConnections: bigint;
  endpoints: bigint;
  lastSessionAt: Date | null;
  unfulfilledAfterMinutes: number | null;
};

/** The counts that say whether an application is in use; each is an index look-up per application. */
const SELECT = `
  select a.id, a.name, a.description, a.is_enabled as "isEnabled", a.archived_at as "archivedAt", a.created_at as "createdAt",
         a.unfulfilled_after_minutes as "unfulfilledAfterMinutes",
         (select count(*) from api_keys k
           where k.merchant_id = a.merchant_id and k.application_id = a.id
             and k.revoked_at is null and (k.expires_at is null or k.expires_at > $2)) as "workingKeys",
         (select count(*) from provider_connections c
           where c.merchant_id = a.merchant_id and c.application_id = a.id and c.mode = 'test'
             and c.is_active and c.archived_at is null) as "testConnections",
         (select count(*) from provider_connections c
           where c.merchant_id = a.merchant_id and c.application_id = a.id and c.mode = 'live'
             and c.is_active and c.archived_at is null) as "liveConnections",
         (select count(*) from webhook_endpoints e
           where e.merchant_id = a.merchant_id and e.application_id = a.id
             and e.is_active and e.archived_at is null) as "endpoints",
         greatest(
           (select max(s.created_at) from payment_sessions s where s.application_id = a.id and s.mode = 'test'),
           (select max(s.created_at) from payment_sessions s where s.application_id = a.id and s.mode = 'live')
         ) as "lastSessionAt"
    from applications a
   where a.merchant_id = $1`;

function toRow(raw: Raw): ApplicationRow {
  return {
    id: raw.id,
    name: raw.name,
    description: raw.description,
    state: raw.archivedAt ? "archived" : raw.isEnabled ? "enabled" : "disabled",
    createdAt: raw.createdAt.toISOString(),
    workingKeys: raw.archivedAt ? 0 : Number(raw.workingKeys),
    connections: raw.archivedAt
      ? { test: 0, live: 0 }
      : { test: Number(raw.testConnections), live: Number(raw.liveConnections) },
    endpoints: Number(raw.endpoints),
    lastSessionAt: raw.lastSessionAt?.toISOString() ?? null,
  };
}

/** The merchant's applications: those in use first, then by name. */
export async function presentApplications(
  actor: UserActor,
  query: PageQuery,
  { db, clock }: Pick<Services, "db" | "clock">,
): Promise<Page<ApplicationRow>> {
  const [totalItems, rows] = await Promise.all([
    db.prisma.application.count({ where: { merchantId: actor.merchantId } }),
    db.query<Raw>(`${SELECT} order by a.archived_at is not null, a.name limit $3 offset $4`, [
      actor.merchantId,
      clock.now(),
      query.limit,
      (query.page - 1) * query.limit,
    ]),
  ]);
  return toPage(rows.map(toRow), totalItems, query);
}

/** One application with what depends on it; null when the merchant has none of that id. */
export async function presentApplication(
  actor: UserActor,
  applicationId: string,
  services: Pick<Services, "db" | "clock" | "keyring">,
): Promise<ApplicationView | null> {
  const { db, clock } = services;
  const [row] = await db.query<Raw>(`${SELECT} and a.id = $3`, [
    actor.merchantId,
    clock.now(),
    applicationId,
  ]);
  if (!row) return null;
  const openSessions = await db.prisma.paymentSession.count({
    where: { applicationId, status: { in: ["PENDING", "REQUIRES_ACTION", "PROCESSING"] } },
  });
  const { merchant, logo, retentionDays, apiLogDays, deliveryDays, ...brand } =
    await db.prisma.application.findFirstOrThrow({
      where: { id: applicationId, merchantId: actor.merchantId },
      select: {
        displayName: true,
        accentColor: true,
        checkoutLanguage: true,
        supportContact: true,
        timeZone: true,
        logo: { select: { digest: true } },
        merchant: { select: { name: true, timeZone: true } },
        retentionDays: true,
        apiLogDays: true,
        deliveryDays: true,
      },
    });
  const secret = await callbackSecretFingerprint(applicationId, services);
  const isRolling = secret?.previousExpiresAt && new Date(secret.previousExpiresAt) > clock.now();
  return {
    ...toRow(row),
    openSessions,
    merchantName: merchant.name,
    merchantTimeZone: merchant.timeZone,
    brand: { ...brand, logo: logo && logoPath(applicationId, logo.digest) },
    retention: { retentionDays, apiLogDays, deliveryDays },
    unfulfilledAfterMinutes: row.unfulfilledAfterMinutes,
    callbackSecret: secret && { ...secret, previousExpiresAt: isRolling ? secret.previousExpiresAt : null },
  };
}
