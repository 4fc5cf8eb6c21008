import { type Page, type PageQuery, toPage } from "~/contracts/common";
import type { Prisma } from "~/db/generated/client";
import type { DeliveryStatus, Mode } from "~/db/generated/enums";
import type { UserActor } from "~/domain/actor";
import type { Services } from "~/domain/services";
import { type Timings, timingsOf } from "~/domain/webhooks/timings";

export interface DeliveryRow {
  id: string;
  status: DeliveryStatus;
  eventType: string;
  /** Null for a test event. */
  sessionId: string | null;
  attempts: number;
  /** Of the last try; null before the first and when there was no answer. */
  responseStatus: number | null;
  /** In words, when there was no answer or the wrong one. */
  error: string | null;
  durationMs: number | null;
  nextAttemptAt: string | null;
  /** The next attempt could be made now: it waits for a circuit, an earlier event, or a moment. */
  isDue: boolean;
  createdAt: string;
}

export interface DeliveryTryView {
  number: number;
  startedAt: string;
  durationMs: number;
  responseStatus: number | null;
  error: string | null;
  requestHeaders: Record<string, string>;
  responseHeaders: Record<string, string>;
  responseBody: string | null;
  /** Null for tries that were not timed in parts. */
  timings: Timings | null;
}

export interface DeliveryView extends DeliveryRow {
  eventId: string;
  /** Among its session's events, from 1. */
  sequence: number | null;
  url: string;
  /** To a session's own `callbackUrl`. */
  isCallback: boolean;
  /** The signed body, the same on every try. */
  requestBody: string;
  tries: DeliveryTryView[];
}

export const deliveryStatuses = [
  "PENDING",
  "DELIVERED",
  "FAILED",
  "CANCELLED",
] as const satisfies readonly DeliveryStatus[];

type Raw = {
  id: string;
  status: DeliveryStatus;
  attemptCount: number;
  nextAttemptAt: Date | null;
  createdAt: Date;
  event: { type: string; sessionId: string | null };
  attempts: { responseStatus: number | null; error: string | null; durationMs: number }[];
};

function toRow(row: Raw, now: Date): DeliveryRow {
  const last = row.attempts.at(-1);
  return {
    id: row.id,
    status: row.status,
    eventType: row.event.type,
    sessionId: row.event.sessionId,
    attempts: row.attemptCount,
    responseStatus: last?.responseStatus ?? null,
    error: last?.error ?? null,
    durationMs: last?.durationMs ?? null,
    nextAttemptAt: row.nextAttemptAt?.toISOString() ?? null,
    isDue: row.status === "PENDING" && row.nextAttemptAt !== null && row.nextAttemptAt <= now,
    createdAt: row.createdAt.toISOString(),
  };
}

/** Header names and values as text, whatever was stored. */
function toHeaders(stored: unknown): Record<string, string> {
  if (typeof stored !== "object" || stored === null) return {};
  return Object.fromEntries(Object.entries(stored).map(([name, value]) => [name, String(value)]));
}

/** An endpoint's deliveries, newest first, with the result of each one's last try. */
export async function presentDeliveries(
  actor: UserActor,
  input: PageQuery & { webhookId: string; status: DeliveryStatus | null },
  { db, clock }: Pick<Services, "db" | "clock">,
): Promise<Page<DeliveryRow>> {
  const where = {
    endpointId: input.webhookId,
    merchantId: actor.merchantId,
    ...(input.status ? { status: input.status } : {}),
  };
  const [totalItems, rows] = await Promise.all([
    db.prisma.webhookDelivery.count({ where }),
    db.prisma.webhookDelivery.findMany({
      where,
      orderBy: [{ createdAt: "desc" }, { id: "desc" }],
      take: input.limit,
      skip: (input.page - 1) * input.limit,
      include: {
        event: { select: { type: true, sessionId: true } },
        attempts: {
          orderBy: { number: "desc" },
          take: 1,
          select: { responseStatus: true, error: true, durationMs: true },
        },
      },
    }),
  ]);
  return toPage(
    rows.map((row) => toRow(row, clock.now())),
    totalItems,
    input,
  );
}

/** One delivery of the endpoint with every try, oldest first; null when there is none. */
export async function presentDelivery(
  actor: UserActor,
  input: { webhookId: string; deliveryId: string },
  { db, clock }: Pick<Services, "db" | "clock">,
): Promise<DeliveryView | null> {
  const row = await db.prisma.webhookDelivery.findFirst({
    where: { id: input.deliveryId, endpointId: input.webhookId, merchantId: actor.merchantId },
    include: { event: true, attempts: { orderBy: { number: "asc" } } },
  });
  return row && toDelivery(row, clock.now());
}

type RawDelivery = Prisma.WebhookDeliveryGetPayload<{ include: { event: true; attempts: true } }>;

function toDelivery(row: RawDelivery, now: Date): DeliveryView {
  return {
    ...toRow(row, now),
    eventId: row.eventId,
    sequence: row.event.sequence,
    url: row.url,
    isCallback: row.endpointId === null,
    requestBody: row.event.body,
    tries: row.attempts.map((attempt) => ({
      number: attempt.number,
      startedAt: attempt.startedAt.toISOString(),
      durationMs: attempt.durationMs,
      responseStatus: attempt.responseStatus,
      error: attempt.error,
      requestHeaders: toHeaders(attempt.requestHeaders),
      responseHeaders: toHeaders(attempt.responseHeaders),
      responseBody: attempt.responseBody,
      timings: timingsOf(attempt.timings),
    })),
  };
}

export interface EventView {
  id: string;
  type: string;
  /** Null for a test event. */
  sessionId: string | null;
  sequence: number | null;
  createdAt: string;
  body: string;
  deliveries: (DeliveryView & { endpointId: string | null })[];
}

/** One event of the application and mode with all its deliveries, to endpoints and to the session's callback. */
export async function presentEvent(
  actor: UserActor,
  input: { applicationId: string; mode: Mode; eventId: string },
  { db, clock }: Pick<Services, "db" | "clock">,
): Promise<EventView | null> {
  const { applicationId, mode, eventId: id } = input;
  const event = await db.prisma.webhookEvent.findFirst({
    where: { id, applicationId, mode, merchantId: actor.merchantId },
  });
  if (!event) return null;
  const deliveries = await db.prisma.webhookDelivery.findMany({
    where: { eventId: id, merchantId: actor.merchantId },
    include: { event: true, attempts: { orderBy: { number: "asc" } } },
    orderBy: [{ createdAt: "asc" }, { id: "asc" }],
  });
  return {
    id,
    type: event.type,
    sessionId: event.sessionId,
    sequence: event.sequence,
    createdAt: event.createdAt.toISOString(),
    body: event.body,
    deliveries: deliveries.map((row) => ({ ...toDelivery(row, clock.now()), endpointId: row.endpointId })),
  };
}
