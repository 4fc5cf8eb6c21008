import Big from "big.js";
import { type FailureSide, failureReasonOf } from "~/contracts/failure-reasons";
import type { IdempotencyKey, PaymentSession, SessionActivity } from "~/db/generated/client";
import type { Mode, SessionStatus } from "~/db/generated/enums";
import type { ActingRole } from "~/domain/actor";
import { ownKeyPrefix } from "~/domain/idempotency/claimed-key.server";
import type { Services } from "~/domain/services";
import { checkoutUrl } from "~/domain/sessions/checkout-token.server";
import { isFinal } from "~/domain/sessions/session-state";
import { isAllowed } from "~/domain/users/permissions";
import { currencyExponent, decimalsOf, toDecimalText } from "~/lib/money";
import { zoneName } from "~/lib/zoned-time";
import { type MethodView, methodView } from "./method";
import { type CallsView, presentCalls } from "./session-calls.presenter.server";
import { type NotesView, presentNotes } from "./session-notes.presenter.server";
import { presentShares, type ShareView } from "./session-shares.presenter.server";
import { buildTimeline, type TimelineItem } from "./timeline";

export interface RelatedView {
  id: string;
  status: SessionStatus;
  amount: string;
  currency: string;
  createdAt: string;
}

export interface CauseView {
  title: string;
  explanation: string;
  /** Our code; the provider's own beside it, when it gave one. */
  reason: string;
  providerCode: string | null;
  side: FailureSide;
  /** "Visa •••• 0341 through kiotapay"; null before a provider was chosen. */
  where: string | null;
  advice: string[];
  /** One sentence to pass on to the customer; null where the order was paid after all. */
  forCustomer: string | null;
}

/** What a webhook endpoint said of the order of a paid session. */
export type FulfilmentView =
  | { state: "fulfilled"; at: string; orderId: string | null }
  /** Asked for by the application's setting, and in time or not. */
  | { state: "waiting"; dueAt: string; isLate: boolean };

export interface PaidView extends RelatedView {
  provider: string | null;
  /** ISO 8601. */
  paidAt: string;
}

export interface SessionView {
  id: string;
  status: SessionStatus;
  amount: string;
  currency: string;
  order: string;
  description: string | null;
  createdAt: string;
  expiresAt: string;
  /** Null where nothing was acknowledged and nothing is asked for. */
  fulfilment: FulfilmentView | null;
  /** When it became final; null before. */
  finishedAt: string | null;
  isOpen: boolean;
  isLateSuccess: boolean;
  customer: { name: string | null; email: string | null; erasedAt: string | null };
  method: MethodView | null;
  provider: string | null;
  score: string | null;
  providerReference: string | null;
  checkoutReference: string;
  requestId: string | null;
  /** The line of its create in the API logs; null when it is not kept any more. */
  logId: string | null;
  items: { label: string; amount: string }[];
  shipping: string | null;
  tax: string | null;
  metadata: { name: string; value: string }[];
  cause: CauseView | null;
  /** Another session of the same order that was paid. */
  orderPaid: PaidView | null;
  sameOrder: RelatedView[];
  sameCustomer: RelatedView[];
  /** "none": the caller sent no key. Null: it is not kept any more. */
  idempotency: IdempotencyView | "none" | null;
  timeline: TimelineItem[];
  zone: string;
  /** Null when the customer cannot pay any more. */
  checkoutUrl: string | null;
  canExpire: boolean;
  canSync: boolean;
  canResend: boolean;
  notes: NotesView;
  canAnnotate: boolean;
  /** Those that still work. */
  shares: ShareView[];
  /** The providers with whose support desks it can be shared: those that it was tried at. */
  shareWith: string[];
  calls: CallsView;
}

export interface IdempotencyView {
  key: string;
  firstCall: string;
  replays: number;
  lastReplayedAt: string | null;
  refusals: { at: string; pointers: string[] }[];
  keptUntil: string;
}

export interface SessionInput {
  merchantId: string;
  applicationId: string;
  mode: Mode;
  sessionId: string;
  userId: string;
  role: ActingRole;
  timeZone: string;
}

const RELATED = 5;

/** One session with everything that happened to it; null when this application and mode have none of that id. */
export async function presentSession(input: SessionInput, services: Services): Promise<SessionView | null> {
  const { merchantId, applicationId, mode, sessionId: id } = input;
  const { prisma } = services.db;
  const scope = { merchantId, applicationId, mode };
  const session = await prisma.paymentSession.findFirst({
    where: { id, ...scope },
    include: { application: { select: { unfulfilledAfterMinutes: true, unfulfilledCountedFrom: true } } },
  });
  if (session === null) return null;

  const ofSession = { sessionId: id, merchantId };
  const others = { ...scope, id: { not: id } };
  const { orderReference, customerEmail, apiKeyId } = session;
  const newestFirst = { createdAt: "desc" } as const;
  const [
    activities,
    decisions,
    attempts,
    inboundEvents,
    webhookEvents,
    key,
    apiKey,
    sameOrder,
    paid,
    sameCustomer,
    log,
    notes,
    shares,
  ] = await Promise.all([
    prisma.sessionActivity.findMany({ where: ofSession, orderBy: [{ occurredAt: "asc" }, { id: "asc" }] }),
    prisma.routingDecision.findMany({ where: ofSession }),
    prisma.attempt.findMany({ where: ofSession, orderBy: { number: "asc" } }),
    prisma.inboundEvent.findMany({ where: ofSession }),
    prisma.webhookEvent.findMany({
      where: ofSession,
      include: {
        deliveries: { include: { attempts: { orderBy: { number: "asc" } } }, orderBy: { createdAt: "asc" } },
      },
    }),
    prisma.idempotencyKey.findFirst({
      where: { ...ofSession, NOT: { key: { startsWith: ownKeyPrefix() } } },
    }),
    apiKeyId === null
      ? null
      : prisma.apiKey.findFirst({ where: { id: apiKeyId, merchantId }, select: { description: true } }),
    prisma.paymentSession.findMany({
      where: { ...others, orderReference },
      orderBy: newestFirst,
      take: RELATED,
    }),
    prisma.paymentSession.findFirst({
      where: { ...others, orderReference, status: "SUCCEEDED" },
      orderBy: { createdAt: "asc" },
    }),
    customerEmail === null
      ? []
      : prisma.paymentSession.findMany({
          where: { ...others, customerEmail, orderReference: { not: orderReference } },
          orderBy: newestFirst,
          take: RELATED,
        }),
    session.requestId === null
      ? null
      : prisma.apiRequestLog.findFirst({
          where: { ...ofSession, requestId: session.requestId },
          select: { id: true },
        }),
    presentNotes({ ...ofSession, userId: input.userId }, services),
    presentShares(ofSession, services),
  ]);

  const money = (minor: bigint) => toDecimalText(minor, session.currency);
  const isOpen = !isFinal(session.status) && session.expiresAt > services.clock.now();
  const isAccepted = attempts.some((attempt) => attempt.status === "ACCEPTED");
  return {
    id,
    status: session.status,
    amount: money(session.amountTotal),
    currency: session.currency,
    order: orderReference,
    description: session.description,
    createdAt: session.createdAt.toISOString(),
    expiresAt: session.expiresAt.toISOString(),
    fulfilment: fulfilmentOf(session, services.clock.now()),
    finishedAt: session.finishedAt?.toISOString() ?? null,
    isOpen,
    isLateSuccess: session.isLateSuccess,
    customer: {
      name: customerName(session),
      email: customerEmail,
      erasedAt: session.customerErasedAt?.toISOString() ?? null,
    },
    method: methodView(session),
    provider: session.providerName,
    score: session.score === null ? null : session.score.toFixed(1),
    providerReference: session.providerReference,
    checkoutReference: session.checkoutReference,
    requestId: session.requestId,
    logId: log?.id ?? null,
    items: lineItems(session),
    shipping: session.amountShipping === null ? null : money(session.amountShipping),
    tax: session.amountTax === null ? null : money(session.amountTax),
    metadata: metadataOf(session),
    cause: causeOf(session, paid),
    orderPaid: paid && {
      ...relatedView(paid),
      provider: paid.providerName,
      paidAt: (paid.finishedAt ?? paid.updatedAt).toISOString(),
    },
    sameOrder: sameOrder.map(relatedView),
    sameCustomer: sameCustomer.map(relatedView),
    idempotency: key === null ? (sentNoKey(activities) ? "none" : null) : idempotencyView(key),
    timeline: buildTimeline({
      session,
      activities,
      decisions,
      attempts,
      inboundEvents,
      webhookEvents,
      apiKeyDescription: apiKey?.description ?? null,
    }),
    zone: zoneName(input.timeZone, session.createdAt),
    checkoutUrl: isOpen && (isAccepted || session.paymentMethod === null) ? checkoutUrl(services, id) : null,
    canExpire: !isFinal(session.status) && isAllowed(input.role, "sessions.expire"),
    canSync: session.providerReference !== null && isAllowed(input.role, "sessions.sync"),
    canResend: isAllowed(input.role, "webhooks.retry"),
    notes,
    canAnnotate: isAllowed(input.role, "sessions.annotate"),
    shares,
    shareWith: isAllowed(input.role, "sessions.share")
      ? [...new Set(attempts.map(({ provider }) => provider))]
      : [],
    calls: presentCalls(session, services.config.appUrl),
  };
}

/** Whether this application and mode have the session. */
export async function hasSession(
  {
    sessionId: id,
    merchantId,
    applicationId,
    mode,
  }: Pick<SessionInput, "merchantId" | "applicationId" | "mode" | "sessionId">,
  services: Services,
): Promise<boolean> {
  return (
    (await services.db.prisma.paymentSession.count({ where: { id, merchantId, applicationId, mode } })) > 0
  );
}

function fulfilmentOf(
  session: PaymentSession & {
    application: { unfulfilledAfterMinutes: number | null; unfulfilledCountedFrom: Date | null };
  },
  now: Date,
): FulfilmentView | null {
  const { fulfilledAt, fulfilledOrderId, finishedAt, status } = session;
  if (fulfilledAt) return { state: "fulfilled", at: fulfilledAt.toISOString(), orderId: fulfilledOrderId };
  const { unfulfilledAfterMinutes: minutes, unfulfilledCountedFrom: from } = session.application;
  if (status !== "SUCCEEDED" || minutes === null || from === null || finishedAt === null) return null;
  if (finishedAt < from) return null;
  const dueAt = new Date(finishedAt.getTime() + minutes * 60_000);
  return { state: "waiting", dueAt: dueAt.toISOString(), isLate: dueAt <= now };
}

function relatedView(session: PaymentSession): RelatedView {
  return {
    id: session.id,
    status: session.status,
    amount: toDecimalText(session.amountTotal, session.currency),
    currency: session.currency,
    createdAt: session.createdAt.toISOString(),
  };
}

function customerName({ customer }: PaymentSession): string | null {
  if (typeof customer !== "object" || customer === null || Array.isArray(customer)) return null;
  const names = [customer.firstName, customer.lastName].filter(
    (name) => typeof name === "string" && name !== "",
  );
  return names.length > 0 ? names.join(" ") : null;
}

function lineItems({ orderItems, currency }: PaymentSession): SessionView["items"] {
  if (!Array.isArray(orderItems)) return [];
  const exponent = currencyExponent(currency) ?? 2;
  return orderItems.flatMap((item) => {
    if (typeof item !== "object" || item === null || Array.isArray(item)) return [];
    const { name, quantity, unitPrice } = item;
    const amount = new Big(String(unitPrice)).times(String(quantity));
    // A unit price may be finer than the currency: 3 × 0.333.
    return [
      {
        label: `${String(name)} × ${String(quantity)}`,
        amount: amount.toFixed(Math.max(exponent, decimalsOf(amount))),
      },
    ];
  });
}

function metadataOf({ additionalInformation }: PaymentSession): SessionView["metadata"] {
  if (
    typeof additionalInformation !== "object" ||
    additionalInformation === null ||
    Array.isArray(additionalInformation)
  )
    return [];
  return Object.entries(additionalInformation).map(([name, value]) => ({ name, value: String(value) }));
}

function causeOf(session: PaymentSession, paid: PaymentSession | null): CauseView | null {
  if (session.status !== "FAILED" && session.status !== "EXPIRED") return null;
  const code = session.status === "EXPIRED" ? "expired" : (session.failureReason ?? "unknown");
  const reason = failureReasonOf(code);
  const method = methodView(session)?.text;
  return {
    title: reason.label,
    explanation: reason.explanation,
    reason: code,
    providerCode: session.failureCode,
    side: reason.side,
    where:
      session.providerName &&
      (method ? `${method} through ${session.providerName}` : `Through ${session.providerName}`),
    advice: paid
      ? ["Nothing for this order: it was paid in another session."]
      : [...reason.adviceForMerchant],
    forCustomer: paid ? null : reason.adviceForCustomer,
  };
}

function sentNoKey(activities: SessionActivity[]): boolean {
  const request = activities.find(({ type }) => type === "request")?.data as { hasKey?: unknown } | undefined;
  return request?.hasKey === false;
}

function idempotencyView(key: IdempotencyKey): IdempotencyView {
  const refusals = Array.isArray(key.refusals) ? key.refusals : [];
  return {
    key: key.key,
    firstCall: key.createdAt.toISOString(),
    replays: key.replayCount,
    lastReplayedAt: key.lastReplayedAt?.toISOString() ?? null,
    refusals: refusals.flatMap((refusal) => {
      if (typeof refusal !== "object" || refusal === null || Array.isArray(refusal)) return [];
      const pointers = Array.isArray(refusal.pointers) ? refusal.pointers.map(String) : [];
      return typeof refusal.at === "string" ? [{ at: refusal.at, pointers }] : [];
    }),
    keptUntil: key.expiresAt.toISOString(),
  };
}
