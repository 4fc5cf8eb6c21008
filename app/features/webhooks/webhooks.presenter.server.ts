import { type Page, type PageQuery, toPage } from "~/contracts/common";
import type { RecoveryResource } from "~/contracts/webhooks";
import type { DeliveryStatus, Mode } from "~/db/generated/enums";
import type { UserActor } from "~/domain/actor";
import type { Services } from "~/domain/services";
import { recoveryResource } from "~/domain/webhooks/read-recovery.server";

export interface EndpointView {
  id: string;
  url: string;
  /** failing: on, and its last deliveries failed. gone and gave_up: turned off by Kadosei (api.md §6). */
  state: "active" | "failing" | "off" | "gone" | "gave_up" | "archived";
  failingSince: string | null;
  deactivatedAt: string | null;
  subscribedEvents: string[];
  /** "whsec_...a3f2" */
  keyFingerprint: string;
  /** Until then the previous secret signs too; null when it does not. */
  previousSecretUntil: string | null;
  lastTestAt: string | null;
  lastTestStatus: string | null;
  createdAt: string;
}

/** How a failing endpoint is tried less. */
export interface CircuitView {
  failures: number;
  /** ISO 8601; null while too few have failed. */
  openedAt: string | null;
  /** When one delivery is tried next; in the past when that is due. */
  nextProbeAt: string | null;
  lastError: string | null;
}

export interface EndpointDetails extends EndpointView {
  circuit: CircuitView | null;
  /** The newest, running or not. */
  recovery: RecoveryResource | null;
}

export interface EndpointRow extends EndpointView {
  /** Of the last delivery, whatever its result. */
  lastDelivery: { status: DeliveryStatus; createdAt: string } | null;
}

type Raw = Awaited<ReturnType<Services["db"]["prisma"]["webhookEndpoint"]["findMany"]>>[number];

function stateOf(row: Raw): EndpointView["state"] {
  if (row.archivedAt) return "archived";
  if (row.isActive) return row.failingSince ? "failing" : "active";
  if (row.deactivatedReason === "gone") return "gone";
  return row.deactivatedReason === "failing" ? "gave_up" : "off";
}

function toEndpoint(row: Raw, now: Date): EndpointView {
  const isRolling = row.previousSecretExpiresAt !== null && row.previousSecretExpiresAt > now;
  return {
    id: row.id,
    url: row.url,
    state: stateOf(row),
    failingSince: row.failingSince?.toISOString() ?? null,
    deactivatedAt: row.deactivatedAt?.toISOString() ?? null,
    subscribedEvents: row.subscribedEvents,
    keyFingerprint: row.keyFingerprint,
    previousSecretUntil: isRolling ? (row.previousSecretExpiresAt?.toISOString() ?? null) : null,
    lastTestAt: row.lastTestAt?.toISOString() ?? null,
    lastTestStatus: row.lastTestStatus,
    createdAt: row.createdAt.toISOString(),
  };
}

/** The endpoints of one application and mode that are not archived, newest first. */
export async function presentEndpoints(
  actor: UserActor,
  scope: { applicationId: string; mode: Mode },
  query: PageQuery,
  { db, clock }: Pick<Services, "db" | "clock">,
): Promise<Page<EndpointRow>> {
  const where = {
    merchantId: actor.merchantId,
    applicationId: scope.applicationId,
    mode: scope.mode,
    archivedAt: null,
  };
  const [totalItems, rows] = await Promise.all([
    db.prisma.webhookEndpoint.count({ where }),
    db.prisma.webhookEndpoint.findMany({
      where,
      orderBy: [{ createdAt: "desc" }, { id: "desc" }],
      take: query.limit,
      skip: (query.page - 1) * query.limit,
    }),
  ]);
  const now = clock.now();
  const items = await Promise.all(
    rows.map(async (row): Promise<EndpointRow> => {
      const last = await db.prisma.webhookDelivery.findFirst({
        where: { endpointId: row.id },
        orderBy: { createdAt: "desc" },
        select: { status: true, createdAt: true },
      });
      return {
        ...toEndpoint(row, now),
        lastDelivery: last && { status: last.status, createdAt: last.createdAt.toISOString() },
      };
    }),
  );
  return toPage(items, totalItems, query);
}

/** One endpoint of the application and mode, archived ones too; null when there is none. */
export async function presentEndpoint(
  actor: UserActor,
  scope: { applicationId: string; mode: Mode; webhookId: string },
  { db, clock }: Pick<Services, "db" | "clock">,
): Promise<EndpointDetails | null> {
  const row = await db.prisma.webhookEndpoint.findFirst({
    where: {
      id: scope.webhookId,
      merchantId: actor.merchantId,
      applicationId: scope.applicationId,
      mode: scope.mode,
    },
  });
  if (row === null) return null;
  const [circuit, recovery] = await Promise.all([
    db.prisma.webhookCircuit.findUnique({ where: { lane: row.id } }),
    db.prisma.webhookRecovery.findFirst({ where: { endpointId: row.id }, orderBy: { createdAt: "desc" } }),
  ]);
  return {
    ...toEndpoint(row, clock.now()),
    circuit: circuit && {
      failures: circuit.failures,
      openedAt: circuit.openedAt?.toISOString() ?? null,
      nextProbeAt: circuit.openUntil?.toISOString() ?? null,
      lastError: circuit.lastError,
    },
    recovery: recovery && (await recoveryResource(recovery, { db })),
  };
}
