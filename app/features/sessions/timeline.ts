import { failureReasonOf } from "~/contracts/failure-reasons";
import { receiptSchema } from "~/contracts/routing";
import type {
  Attempt,
  InboundEvent,
  PaymentSession,
  RoutingDecision,
  SessionActivity,
  WebhookDelivery,
  WebhookDeliveryAttempt,
  WebhookEvent,
} from "~/db/generated/client";
import type { SessionStatus } from "~/db/generated/enums";
import {
  type CandidateView,
  candidateView,
  inOrder,
  leadWords,
  type ResultBadge,
} from "~/features/routing/candidates";
import { ruleLead } from "~/features/routing/rule-words";
import { methodName } from "./method";
import { durationWords, ordinal, userAgentWords } from "./words";

export type TimelineIcon =
  | "request"
  | "routing"
  | "attempt"
  | "customer"
  | "event"
  | "status"
  | "webhook"
  | "person"
  | "sync";
export type TimelineTone = "plain" | "success" | "warning" | "danger";
export type TimelineGroup = "calls" | "customer" | "webhooks" | "status";

export type TimelineBadge = ResultBadge;

/** One half of an exchange: redactions are the text "[redacted]". */
export interface WireView {
  title: string;
  note: string;
  text: string;
}

export interface DeliveryView {
  id: string;
  url: string;
  isCallback: boolean;
  tries: { number: number; at: string; ok: boolean; answer: string; took: string }[];
  /** ISO 8601; null when no further try is planned. */
  nextAt: string | null;
}

/** What backs an entry up, in a fold. */
export type Evidence =
  | { kind: "candidates"; decisionId: string; rows: CandidateView[]; note: string }
  | { kind: "exchange"; isOpen: boolean; parts: WireView[] }
  | { kind: "deliveries"; eventId: string; deliveries: DeliveryView[] };

/** One thing that happened. */
export interface TimelineItem {
  id: string;
  icon: TimelineIcon;
  tone: TimelineTone;
  group: TimelineGroup;
  /** ISO 8601 with milliseconds. */
  at: string;
  /** Since the session was made: "+4.01 s". */
  offset: string;
  title: string;
  /** A wire value after the title. */
  code: string | null;
  badge: TimelineBadge | null;
  change: { from: SessionStatus; to: SessionStatus } | null;
  lines: string[];
  evidence: Evidence | null;
}

export type EventWithDeliveries = WebhookEvent & {
  deliveries: (WebhookDelivery & { attempts: WebhookDeliveryAttempt[] })[];
};

export interface TimelineRows {
  session: PaymentSession;
  activities: SessionActivity[];
  decisions: RoutingDecision[];
  attempts: Attempt[];
  inboundEvents: InboundEvent[];
  webhookEvents: EventWithDeliveries[];
  /** Of the API key that made the session. */
  apiKeyDescription: string | null;
}

type Draft = Pick<TimelineItem, "id" | "icon" | "group" | "title"> & {
  at: Date;
  /** Among things of the same millisecond: what caused comes before what followed. */
  order: number;
} & Partial<Pick<TimelineItem, "tone" | "code" | "badge" | "change" | "lines" | "evidence">>;

/** Everything that happened to a session as one list, oldest first. Pure. */
export function buildTimeline(rows: TimelineRows): TimelineItem[] {
  const known = new Set(rows.inboundEvents.map((event) => event.id));
  const drafts: Draft[] = [
    // A provider's notice has a row of its own, with its body.
    ...rows.activities
      .filter(
        (activity) =>
          activity.type !== "provider_event" || !known.has(text(data(activity), "inboundEventId") ?? ""),
      )
      .map((activity) => activityItem(activity, rows)),
    ...rows.decisions.map((decision) => decisionItem(decision, rows)),
    ...rows.attempts.map((attempt) => attemptItem(attempt, rows)),
    ...rows.inboundEvents.map(inboundItem),
    ...rows.webhookEvents.map(webhookItem),
  ];
  const start = rows.session.createdAt.getTime();
  return drafts
    .sort((a, b) => a.at.getTime() - b.at.getTime() || a.order - b.order || (a.id < b.id ? -1 : 1))
    .map(({ at, order: _, ...draft }) => ({
      tone: "plain",
      code: null,
      badge: null,
      change: null,
      lines: [],
      evidence: null,
      ...draft,
      at: at.toISOString(),
      offset: at.getTime() <= start ? "0 ms" : `+${durationWords(at.getTime() - start)}`,
    }));
}

function data(activity: SessionActivity): Record<string, unknown> {
  return typeof activity.data === "object" && activity.data !== null && !Array.isArray(activity.data)
    ? activity.data
    : {};
}

function text(values: Record<string, unknown>, name: string): string | null {
  const value = values[name];
  return typeof value === "string" && value !== "" ? value : null;
}

function activityItem(activity: SessionActivity, { session, apiKeyDescription }: TimelineRows): Draft {
  const values = data(activity);
  const provider = text(values, "provider") ?? session.providerName ?? "the provider";
  const base = {
    id: activity.id,
    at: activity.occurredAt,
    order: 3,
    group: "customer" as const,
    icon: "customer" as const,
  };
  switch (activity.type) {
    case "request":
      return {
        ...base,
        order: 0,
        icon: "request",
        group: "calls",
        ...requestWords(values, apiKeyDescription),
      };
    case "checkout_opened": {
      const browser = userAgentWords(text(values, "userAgent") ?? "");
      const ip = text(values, "ip");
      const line = [browser, ip && `from ${ip}`].filter(Boolean).join(", ");
      return { ...base, title: "Customer opened the checkout", lines: line ? [`${line}.`] : [] };
    }
    case "method_chosen":
      return {
        ...base,
        // What it caused, the decision and its attempts, has the same moment.
        order: 0,
        title: "Customer chose a payment method",
        lines: [`${methodName(text(values, "paymentMethod") ?? "unknown")}.`],
      };
    case "forwarded":
      return { ...base, title: `Customer went on to ${provider}` };
    case "returned":
      return { ...base, title: `Customer came back from ${provider}` };
    case "cancelled":
      return { ...base, title: "Customer cancelled", tone: "warning" };
    case "provider_event":
      return { ...base, icon: "event", group: "calls", title: "Provider event", code: text(values, "type") };
    case "status_changed":
      return { ...base, order: 5, icon: "status", group: "status", ...statusWords(values, session) };
    case "expire_requested": {
      const by = text(values, "by");
      return {
        ...base,
        icon: "person",
        group: "status",
        title: by ? `${by} closed the session` : "Session closed by hand",
      };
    }
    case "resynced":
      return {
        ...base,
        icon: "sync",
        group: "calls",
        title: `Asked ${provider} for the state`,
        lines: [`It said ${text(values, "state") ?? "nothing"}.`],
      };
    default:
      return { ...base, icon: "status", group: "status", title: activity.type.replaceAll("_", " ") };
  }
}

function requestWords(
  values: Record<string, unknown>,
  apiKeyDescription: string | null,
): Pick<Draft, "title" | "code" | "lines"> {
  const by = text(values, "by");
  const key = text(values, "apiKeyPrefix");
  const status = typeof values.status === "number" ? String(values.status) : null;
  const took = typeof values.durationMs === "number" ? ` in ${durationWords(values.durationMs)}` : "";
  const parts = [
    status ? `${status}${took}` : "Not answered yet",
    key && `with key ${key}${apiKeyDescription ? ` “${apiKeyDescription}”` : ""}`,
    by && `by ${by} in the dashboard`,
    text(values, "ip") && `from ${text(values, "ip")}`,
  ].filter(Boolean);
  return {
    title: by ? "Test session made" : "Request",
    code: by ? null : `${text(values, "method") ?? "POST"} ${text(values, "path") ?? ""}`.trim(),
    lines: [`${parts.join(", ")}.`],
  };
}

const STATUS_TONES: Partial<Record<SessionStatus, TimelineTone>> = { SUCCEEDED: "success", FAILED: "danger" };

function statusWords(
  values: Record<string, unknown>,
  session: PaymentSession,
): Pick<Draft, "title" | "change" | "lines" | "tone"> {
  // Written by changeStatus alone, which takes both from the enum.
  const from = (text(values, "from") ?? "PENDING") as SessionStatus;
  const to = (text(values, "to") ?? session.status) as SessionStatus;
  const provider = session.providerName;
  const lines: string[] = [];
  if (values.late === true) {
    lines.push(
      "The provider confirmed the payment after the session had closed here. Money moved, so it counts as paid.",
    );
  } else if (to === "FAILED") {
    const code = text(values, "reason") ?? "unknown";
    const reason = failureReasonOf(code);
    const counted = reason.countsAgainstProvider
      ? `Counted against ${provider}’s success rate.`
      : `Not counted against ${provider}’s success rate${reason.side === "customer" ? ": the reason is the customer’s own" : ""}.`;
    lines.push(`Final: ${reason.label.toLowerCase()}.${provider ? ` ${counted}` : ""}`);
  } else if (to === "EXPIRED") {
    lines.push("Final: closed unpaid. Counts neither for nor against the provider.");
  } else if (to === "SUCCEEDED") {
    lines.push("Final: paid.");
  }
  return { title: "Status", change: { from, to }, lines, tone: STATUS_TONES[to] ?? "plain" };
}

/** The attempts that followed a decision: a customer who chooses again has a decision for each choice. */
function attemptsOf(decision: RoutingDecision, { attempts, decisions }: TimelineRows): Map<string, number> {
  const from = decision.createdAt.getTime();
  const later = decisions.map(({ createdAt }) => createdAt.getTime()).filter((at) => at > from);
  const until = Math.min(...later, Number.POSITIVE_INFINITY);
  const own = attempts
    .filter(({ startedAt }) => startedAt.getTime() >= from && startedAt.getTime() < until)
    .sort((a, b) => a.number - b.number);
  return new Map(own.map(({ connectionId }, position) => [connectionId, position + 1]));
}

function decisionItem(decision: RoutingDecision, rows: TimelineRows): Draft {
  const { session } = rows;
  const base = {
    id: decision.id,
    at: decision.createdAt,
    order: 1,
    icon: "routing",
    group: "calls",
  } as const;
  const parsed = receiptSchema.safeParse(decision.receipt);
  if (!parsed.success) {
    return { ...base, title: "Routing decided", lines: ["The receipt of this decision cannot be read."] };
  }
  const { candidates, weights, configVersion, explored } = parsed.data;
  const ordered = inOrder(parsed.data);
  const ranked = ordered.filter((one) => one.rank !== null);
  const winner = ranked[0];
  const method = decision.segment.split(":")[0] ?? "";
  const could = `${ranked.length} of ${candidates.length} ${candidates.length === 1 ? "connection" : "connections"} could take ${method === "card" ? "card" : methodName(method)} in ${session.currency}.`;
  const attempted = attemptsOf(decision, rows);
  return {
    ...base,
    title: winner
      ? `Routing chose ${winner.provider}${winner.score === null ? "" : `, ${winner.score.toFixed(1)}`}`
      : "Routing found no provider",
    tone: winner ? "plain" : "danger",
    lines: [winner ? `${could} ${ruleLead(parsed.data) ?? leadWords(ranked, explored)}`.trim() : could],
    evidence: {
      kind: "candidates",
      decisionId: decision.id,
      rows: ordered.map((one) => candidateView(one, attempted)),
      note: `Score = 100 × available × success × cost × speed. Weights: cost ${weights.cost}, speed ${weights.speed} (configuration ${configVersion}).`,
    },
  };
}

const REFUSALS: Record<string, string> = {
  timeout: "No answer in time",
  connect_error: "Could not be reached",
  provider_error: "The provider failed",
  rate_limited: "The provider asked for fewer calls",
  rejected: "The provider rejected the request",
  bad_credentials: "The provider refused the credentials",
};

function attemptItem(attempt: Attempt, { attempts, decisions }: TimelineRows): Draft {
  const took = attempt.latencyMs === null ? "" : ` in ${durationWords(attempt.latencyMs)}`;
  const status = attempt.httpStatus === null ? null : String(attempt.httpStatus);
  // Of its decision: after a customer's next choice others follow, by another.
  const isLast = !attempts.some(
    (other) =>
      other.number > attempt.number &&
      !decisions.some(({ createdAt }) => createdAt > attempt.startedAt && createdAt <= other.startedAt),
  );
  const why =
    attempt.refusalReason === null ? "Refused" : (REFUSALS[attempt.refusalReason] ?? attempt.refusalReason);
  const then = isLast ? "No further provider was tried." : "Went on to the next provider.";
  const result: { badge: TimelineBadge; tone: TimelineTone; line: string | null } = {
    STARTED: { badge: { tone: "info" as const, text: "Under way" }, tone: "plain" as const, line: null },
    ACCEPTED: {
      badge: { tone: "success" as const, text: `${status ?? "Accepted"}${took}` },
      tone: "success" as const,
      line: null,
    },
    REFUSED: {
      badge: { tone: "danger" as const, text: `${status ?? "Refused"}${took}` },
      tone: "danger" as const,
      line: `${why}, so no checkout was made there. ${then}`,
    },
    TIMED_OUT: {
      badge: { tone: "warning" as const, text: "Timed out" },
      tone: "warning" as const,
      line: `No answer${took}, and no checkout was made there. ${then}`,
    },
    UNKNOWN: {
      badge: { tone: "warning" as const, text: "Outcome unknown" },
      tone: "warning" as const,
      line: `No answer${took}, and the provider could not say whether a checkout was made: the customer never sees it. ${then}`,
    },
  }[attempt.status];
  const parts = exchangeViews(attempt);
  return {
    id: attempt.id,
    at: attempt.startedAt,
    order: 2,
    icon: "attempt",
    group: "calls",
    title: `Attempt ${attempt.number}, ${attempt.provider}`,
    badge: result.badge,
    tone: result.tone,
    lines: result.line === null ? [] : [result.line],
    // Open where it explains what went wrong.
    evidence: parts.length > 0 ? { kind: "exchange", isOpen: attempt.status === "REFUSED", parts } : null,
  };
}

function exchangeViews(attempt: Attempt): WireView[] {
  const views: WireView[] = [];
  const request = record(attempt.request);
  if (request) {
    const line = [request.method, request.url].filter((part) => typeof part === "string").join(" ");
    views.push({ title: "Request", note: line, text: wireText(request) });
  }
  const response = record(attempt.response);
  if (response) {
    const took = attempt.latencyMs === null ? "" : `, ${durationWords(attempt.latencyMs)}`;
    views.push({
      title: "Response",
      note: `${response.status ?? attempt.httpStatus ?? ""}${took}`,
      text: wireText(response),
    });
  }
  return views;
}

function record(value: unknown): Record<string, unknown> | null {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : null;
}

function wireText(message: Record<string, unknown>): string {
  const headers = Object.entries(record(message.headers) ?? {}).map(
    ([name, value]) => `${name}: ${String(value)}`,
  );
  const body = message.body === null || message.body === undefined ? [] : [pretty(message.body)];
  return [...headers, ...body].join("\n");
}

function pretty(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value, null, 2);
}

const OUTCOMES: Record<string, { line: string; tone: TimelineTone }> = {
  applied: { line: "It was applied.", tone: "plain" },
  no_change: { line: "It changed nothing: the session was there already.", tone: "plain" },
  ignored_terminal: { line: "It was ignored: the session was final already.", tone: "plain" },
  unknown_session: { line: "It names no session that is known here.", tone: "warning" },
  amount_mismatch: {
    line: "It was not believed: its amount or currency differs from the session’s.",
    tone: "danger",
  },
  failed: { line: "It could not be applied.", tone: "danger" },
};

function inboundItem(event: InboundEvent): Draft {
  const outcome = event.outcome === null ? null : OUTCOMES[event.outcome];
  const trust = event.isVerified
    ? `Notice from ${event.provider}, its signature checked.`
    : `Notice from ${event.provider}, which cannot be signed: it was taken as a hint, and the state was fetched before it was believed.`;
  return {
    id: event.id,
    at: event.receivedAt,
    order: 4,
    icon: "event",
    group: "calls",
    title: "Provider event",
    code: event.type,
    tone: outcome?.tone ?? "plain",
    lines: [`${trust} ${outcome?.line ?? "It waits to be applied."}${event.error ? ` ${event.error}` : ""}`],
    evidence: {
      kind: "exchange",
      isOpen: false,
      parts: [{ title: "Event body", note: event.providerEventId, text: pretty(event.payload) }],
    },
  };
}

function webhookItem(event: EventWithDeliveries): Draft {
  const { deliveries } = event;
  const badge = deliveryBadge(deliveries);
  return {
    id: event.id,
    at: event.createdAt,
    order: 6,
    icon: "webhook",
    group: "webhooks",
    title: "Webhook",
    code: event.type,
    badge,
    tone:
      badge.tone === "success" || badge.tone === "danger" || badge.tone === "warning" ? badge.tone : "plain",
    lines: deliveries.length === 0 ? ["No webhook endpoint subscribes to this event in this mode."] : [],
    evidence:
      deliveries.length === 0
        ? null
        : { kind: "deliveries", eventId: event.id, deliveries: deliveries.map(deliveryView) },
  };
}

function deliveryBadge(deliveries: EventWithDeliveries["deliveries"]): TimelineBadge {
  const [first] = deliveries;
  if (!first) return { tone: "neutral", text: "Not sent" };
  const delivered = deliveries.filter((one) => one.status === "DELIVERED").length;
  if (deliveries.every((one) => one.status === "PENDING" && one.attempts.length === 0)) {
    return { tone: "info", text: "Waiting to be sent" };
  }
  if (deliveries.length > 1) {
    if (delivered === deliveries.length)
      return { tone: "success", text: `Delivered to ${delivered} endpoints` };
    const tone = deliveries.some((one) => one.status === "FAILED") ? "danger" : "warning";
    return { tone, text: `Delivered to ${delivered} of ${deliveries.length} endpoints` };
  }
  const tries = first.attempts.length;
  switch (first.status) {
    case "DELIVERED":
      return { tone: "success", text: tries > 1 ? `Delivered on the ${ordinal(tries)} try` : "Delivered" };
    case "FAILED":
      return { tone: "danger", text: `Given up after ${tries} ${tries === 1 ? "try" : "tries"}` };
    case "CANCELLED":
      return { tone: "neutral", text: "Cancelled" };
    case "PENDING":
      return { tone: "warning", text: `Retrying, ${tries} failed` };
  }
}

function deliveryView(delivery: EventWithDeliveries["deliveries"][number]): DeliveryView {
  return {
    id: delivery.id,
    url: delivery.url,
    isCallback: delivery.endpointId === null,
    nextAt: delivery.status === "PENDING" ? (delivery.nextAttemptAt?.toISOString() ?? null) : null,
    tries: delivery.attempts.map((attempt) => ({
      number: attempt.number,
      at: attempt.startedAt.toISOString(),
      ok: attempt.responseStatus !== null && attempt.responseStatus >= 200 && attempt.responseStatus < 300,
      answer:
        attempt.responseStatus === null ? (attempt.error ?? "No answer") : String(attempt.responseStatus),
      took: durationWords(attempt.durationMs),
    })),
  };
}
