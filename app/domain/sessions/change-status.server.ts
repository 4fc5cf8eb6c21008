import type { SessionEventType } from "~/contracts/words";
import type { SqlExecutor } from "~/db/database";
import type { PaymentSession } from "~/db/generated/client";
import type { SessionStatus } from "~/db/generated/enums";
import { recordOutcome } from "~/domain/routing/record-outcome.server";
import type { Services } from "~/domain/services";
import { emitSessionEvent } from "~/domain/webhooks/emit-session-event.server";
import { recordActivity } from "./record-activity.server";
import { isFinal, nextStatus } from "./session-state";

/** What news says beside the status. */
export interface StatusNews {
  status: SessionStatus;
  failureReason?: string | null;
  failureCode?: string | null;
  card?: { brand: string; last4: string } | null;
  payerPhoneLast3?: string | null;
}

const EVENT_OF: Partial<Record<SessionStatus, SessionEventType>> = {
  SUCCEEDED: "session.completed",
  FAILED: "session.failed",
  EXPIRED: "session.expired",
};

/**
 * The one way a session's status changes: rule, row, timeline, routing outcome and webhook events in
 * the caller's transaction. `session` must be locked by it. Returns the changed session, or null when the
 * news changes nothing. After the commit call `services.jobs.wake("deliver-webhook")`.
 */
export async function changeStatus(
  tx: SqlExecutor,
  session: PaymentSession,
  news: StatusNews,
  services: Pick<Services, "clock" | "telemetry">,
): Promise<PaymentSession | null> {
  const status = nextStatus(session.status, news.status);
  if (status === null) return null;
  const now = services.clock.now();
  const isFailure = status === "FAILED" || status === "EXPIRED";
  // What was erased does not come back with late news.
  const payer: Pick<StatusNews, "card" | "payerPhoneLast3"> = session.customerErasedAt === null ? news : {};
  const changed: PaymentSession = {
    ...session,
    status,
    failureReason: isFailure
      ? (news.failureReason ?? (status === "EXPIRED" ? "expired" : "processing_error"))
      : null,
    failureCode: isFailure ? (news.failureCode ?? null) : null,
    cardBrand: payer.card?.brand ?? session.cardBrand,
    cardLast4: payer.card?.last4 ?? session.cardLast4,
    payerPhoneLast3: payer.payerPhoneLast3 ?? session.payerPhoneLast3,
    isLateSuccess: session.isLateSuccess || (status === "SUCCEEDED" && isFinal(session.status)),
    finishedAt: isFinal(status) ? now : null,
    updatedAt: now,
  };
  await tx.query(
    `update payment_sessions set status = $2::session_status, failure_reason = $3, failure_code = $4, card_brand = $5,
            card_last4 = $6, payer_phone_last3 = $7, is_late_success = $8, finished_at = $9, updated_at = $10
      where id = $1`,
    [
      session.id,
      changed.status,
      changed.failureReason,
      changed.failureCode,
      changed.cardBrand,
      changed.cardLast4,
      changed.payerPhoneLast3,
      changed.isLateSuccess,
      changed.finishedAt,
      changed.updatedAt,
    ],
  );
  await recordActivity(
    tx,
    session,
    "status_changed",
    {
      from: session.status,
      to: status,
      ...(changed.failureReason === null ? {} : { reason: changed.failureReason }),
      ...(changed.isLateSuccess ? { late: true } : {}),
    },
    now,
  );
  if (isFinal(status)) await recordOutcome(tx, changed, now);
  const event = EVENT_OF[status];
  if (event !== undefined) await emitSessionEvent(tx, changed, event, services);
  return changed;
}
