import { failureReasonOf } from "~/contracts/failure-reasons";
import type { Attempt, InboundEvent, PaymentSession, SessionActivity } from "~/db/generated/client";
import type { Mode, SessionStatus } from "~/db/generated/enums";
import type { Services } from "~/domain/services";
import type { OpenShareLink } from "~/domain/share-links/open-share-link.server";
import { type MethodView, methodView } from "~/features/sessions/method";
import { buildTimeline, type TimelineItem } from "~/features/sessions/timeline";
import { toDecimalText } from "~/lib/money";
import { maskedEmail } from "~/lib/personal-data";
import { customerMask, maskJson } from "./customer-mask";

/** As much of a session as one provider's support desk needs: nothing of the customer, of other providers or of the merchant's servers. */
export interface SharedSessionView {
  merchant: string;
  provider: string;
  mode: Mode;
  /** ISO 8601, as are all times; shown in UTC. */
  linkExpiresAt: string;
  status: SessionStatus;
  amount: string;
  currency: string;
  order: string;
  checkoutReference: string;
  /** The provider's own, of each of its checkouts. */
  providerReferences: string[];
  /** Masked: j•••@example.com */
  customerEmail: string | null;
  /** Null where another provider took the payment. */
  method: MethodView | null;
  failure: { label: string; explanation: string; providerCode: string | null } | null;
  createdAt: string;
  finishedAt: string | null;
  timeline: TimelineItem[];
}

/** What a share link shows; null when its session is gone. */
export async function presentSharedSession(
  link: OpenShareLink,
  { db }: Pick<Services, "db">,
): Promise<SharedSessionView | null> {
  const { merchantId, sessionId, provider } = link;
  const { prisma } = db;
  const ofSession = { sessionId, merchantId };
  const [session, merchant, activities, attempts, inboundEvents] = await Promise.all([
    prisma.paymentSession.findFirst({ where: { id: sessionId, merchantId } }),
    prisma.merchant.findUnique({ where: { id: merchantId }, select: { name: true } }),
    prisma.sessionActivity.findMany({
      where: ofSession,
      orderBy: [{ occurredAt: "asc" }, { id: "asc" }],
    }),
    prisma.attempt.findMany({ where: { ...ofSession, provider }, orderBy: { number: "asc" } }),
    prisma.inboundEvent.findMany({ where: { ...ofSession, provider } }),
  ]);
  if (session === null || merchant === null) return null;
  const isTheirs = session.providerName === provider;
  const isFailure = session.status === "FAILED" && isTheirs;
  const reason = failureReasonOf(session.failureReason ?? "unknown");
  return {
    merchant: merchant.name,
    provider,
    mode: session.mode,
    linkExpiresAt: link.expiresAt.toISOString(),
    status: session.status,
    amount: toDecimalText(session.amountTotal, session.currency),
    currency: session.currency,
    order: session.orderReference,
    checkoutReference: session.checkoutReference,
    providerReferences: attempts.flatMap(({ providerReference }) => providerReference ?? []),
    customerEmail: session.customerEmail === null ? null : maskedEmail(session.customerEmail),
    method: isTheirs ? methodView(session) : null,
    failure: isFailure
      ? { label: reason.label, explanation: reason.explanation, providerCode: session.failureCode }
      : null,
    createdAt: session.createdAt.toISOString(),
    finishedAt: session.finishedAt?.toISOString() ?? null,
    timeline: sharedTimeline({ session, activities, attempts, inboundEvents }, provider),
  };
}

interface SharedRows {
  session: PaymentSession;
  activities: SessionActivity[];
  attempts: Attempt[];
  inboundEvents: InboundEvent[];
}

/** What happened between this provider, the customer and the session, masked. Pure. */
export function sharedTimeline(rows: SharedRows, provider: string): TimelineItem[] {
  const { session } = rows;
  const mask = customerMask(session.customer, session.customerEmail);
  const shown = (value: unknown) => maskJson(value, mask) as Attempt["request"];
  const items = buildTimeline({
    session: { ...session, providerName: provider },
    activities: rows.activities.flatMap((activity) => sharedActivity(activity, session, provider)),
    decisions: [],
    attempts: rows.attempts.map((attempt) => ({
      ...attempt,
      request: shown(attempt.request),
      response: shown(attempt.response),
    })),
    inboundEvents: rows.inboundEvents.map((event) => ({
      ...event,
      payload: shown(event.payload) ?? {},
      error: null,
    })),
    webhookEvents: [],
    apiKeyDescription: null,
  });
  // Sentences about attempts and statuses speak of routing and of what other providers did.
  return items.map((item) => ({
    ...item,
    lines: item.icon === "event" || item.icon === "sync" ? item.lines : [],
    evidence: item.evidence?.kind === "exchange" ? { ...item.evidence, isOpen: true } : null,
  }));
}

/** An activity as outsiders may see it: no address, no name, and nothing of another provider. */
function sharedActivity(
  activity: SessionActivity,
  { providerName }: PaymentSession,
  provider: string,
): SessionActivity[] {
  const data = (activity.data ?? {}) as Record<string, unknown>;
  switch (activity.type) {
    case "request":
      return [{ ...activity, data: picked(data, ["method", "path"]) }];
    case "checkout_opened":
    case "method_chosen":
    case "cancelled":
    case "expire_requested":
      return [{ ...activity, data: {} }];
    case "status_changed":
      return [{ ...activity, data: picked(data, ["from", "to"]) }];
    case "forwarded":
    case "returned":
    case "resynced":
      return (data.provider ?? providerName) === provider ? [activity] : [];
    default:
      return [];
  }
}

const picked = (data: Record<string, unknown>, names: string[]) =>
  Object.fromEntries(
    Object.entries(data).filter(([name]) => names.includes(name)),
  ) as SessionActivity["data"];
