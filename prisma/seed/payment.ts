import type { RefusalReason } from "~/providers/port";
import type { Connection, Scope } from "./applications";
import type { Incident } from "./calendar";
import { HOUR, MINUTE } from "./calendar";
import type { Order } from "./catalogue";
import type { Random } from "./random";

/** One call to a provider's create. */
export interface Try {
  connection: Connection;
  startedMs: number;
  latencyMs: number;
  refusal: { reason: RefusalReason; httpStatus: number | null } | null;
}

/** What happens on the way to a session's end, in the order of time. */
export type Step =
  | { kind: "opened" | "forwarded" | "returned" | "cancelled"; atMs: number }
  /** The provider tells of its checkout's state. */
  | {
      kind: "notice";
      atMs: number;
      state: "requires_action" | "processing" | "paid" | "failed" | "cancelled";
      failureCode: string | null;
    }
  /** The hour is over. */
  | { kind: "expiry"; atMs: number };

export interface Card {
  brand: string;
  last4: string;
}

export interface Course {
  steps: Step[];
  card: Card | null;
  payerPhoneLast3: string | null;
}

const SECOND = 1_000;
export const OPEN_FOR = HOUR;
const PROVIDER_TIMEOUT = 4_000;

/** What the provider answers to a create: now and then an error, always during an outage. */
export function tryCreate(
  connection: Connection,
  incident: Incident["kind"] | null,
  startedMs: number,
  random: Random,
): Try {
  const luck = random.next();
  const timesOut = incident === "timeout" || luck < 0.0009;
  const refuses = incident === "refuse" || luck < 0.0022;
  if (timesOut) {
    return {
      connection,
      startedMs,
      latencyMs: PROVIDER_TIMEOUT + random.between(0, 6),
      refusal: { reason: "timeout", httpStatus: null },
    };
  }
  if (refuses) {
    return {
      connection,
      startedMs,
      latencyMs: random.between(38, 140),
      refusal: { reason: "provider_error", httpStatus: 503 },
    };
  }
  const latencyMs = Math.min(PROVIDER_TIMEOUT - 200, Math.round(random.around(connection.latencyMs, 0.28)));
  return { connection, startedMs, latencyMs, refusal: null };
}

/** Endings that the newest sessions are given, so that every open state can be seen. */
export type Ending = "challenge_open" | "processing_open" | "unopened" | "left" | "no_funds" | "paid" | null;

/** The customer's way from the created session on. */
export function courseOf(
  order: Order,
  scope: Scope,
  connection: Connection,
  incident: Incident["kind"] | null,
  times: { createdMs: number; readyMs: number },
  ending: Ending,
  random: Random,
): Course {
  const quick = ending === "challenge_open" || ending === "processing_open";
  const wait = (medianS: number) =>
    Math.round((quick ? 0.3 : 1) * Math.min(8 * MINUTE, random.around(medianS * SECOND, 0.6)));
  const expiresMs = times.createdMs + OPEN_FOR;
  const openedMs = times.readyMs + wait(6);
  const forwardedMs = openedMs + wait(9);
  const paidMs = forwardedMs + wait(48);
  const opened: Step = { kind: "opened", atMs: openedMs };
  const forwarded: Step = { kind: "forwarded", atMs: forwardedMs };
  // The sweeper looks once a minute.
  const expiry: Step = { kind: "expiry", atMs: expiresMs + random.between(200, 58_000) };
  const isMpesa = order.paymentMethod === "mpesa_stk";
  const isTest = scope.mode === "test";
  const none = { card: null, payerPhoneLast3: null };

  const luck = random.next();
  if (ending === "unopened" || (ending === null && luck < 0.02)) return { steps: [expiry], ...none };
  if (ending === null && luck < 0.038) return { steps: [opened, expiry], ...none };
  if (ending === "left" || (ending === null && luck < 0.058))
    return { steps: [opened, forwarded, expiry], ...none };
  if (ending === null && luck < 0.063) {
    return { steps: [opened, { kind: "cancelled", atMs: openedMs + wait(20) }], ...none };
  }

  const result =
    ending === "paid"
      ? null
      : ending === "no_funds"
        ? "insufficient_funds"
        : failureOf(connection, isMpesa, incident, random);
  const needsChallenge =
    ending === "challenge_open" ||
    result === "authentication_failed" ||
    (!isMpesa && ending === null && random.chance(0.17));
  const paidWith = isMpesa
    ? { card: null, payerPhoneLast3: mpesaPhone(result, isTest, random) }
    : { card: cardOf(result, needsChallenge, isTest, random), payerPhoneLast3: null };
  const notice = (
    atMs: number,
    state: Extract<Step, { kind: "notice" }>["state"],
    failureCode: string | null = null,
  ): Step => ({
    kind: "notice",
    atMs,
    state,
    failureCode,
  });
  const steps: Step[] = [opened, forwarded];
  let resultMs = paidMs + random.between(300, 1_600);
  if (isMpesa) {
    steps.push(notice(paidMs, "processing"));
    if (ending === "processing_open") return { steps: [...steps, expiry], ...none };
    resultMs = paidMs + wait(result === "stk_timeout" ? 75 : 14);
  } else if (needsChallenge) {
    steps.push(notice(paidMs, "requires_action"));
    // Some never confirm, and the hour runs out.
    if (ending === "challenge_open" || random.chance(0.035)) return { steps: [...steps, expiry], ...none };
    resultMs = paidMs + wait(22);
  } else if (result === null && ending === null && random.chance(0.0025)) {
    // A late success: silence until the session is expired, then the money moves after all.
    const lateMs = expiry.atMs + random.between(MINUTE, 9 * MINUTE);
    return { steps: [...steps, expiry, notice(lateMs, "paid")], ...paidWith };
  }
  if (resultMs >= expiresMs) return { steps: [...steps, expiry], ...none };
  const isCancelled = result === "customer_cancelled" && !isMpesa;
  steps.push(
    result === null
      ? notice(resultMs, "paid")
      : notice(resultMs, isCancelled ? "cancelled" : "failed", result),
  );
  if (random.chance(result === null ? 0.93 : 0.8))
    steps.push({ kind: "returned", atMs: resultMs + random.between(400, 3_000) });
  return { steps, ...paidWith };
}

/** The provider's code of a failure, or null for a payment. */
function failureOf(
  connection: Connection,
  isMpesa: boolean,
  incident: Incident["kind"] | null,
  random: Random,
): string | null {
  const declines = incident === "brownout" ? 0.58 : connection.declineRate;
  if (random.chance(declines)) {
    if (isMpesa) return "processing_error";
    return incident === "brownout"
      ? random.weighted([
          ["processing_error", 62],
          ["card_declined", 38],
        ])
      : random.weighted([
          ["card_declined", 74],
          ["processing_error", 14],
          ["fraudulent", 12],
        ]);
  }
  if (!random.chance(isMpesa ? 0.075 : 0.036)) return null;
  return isMpesa
    ? random.weighted([
        ["insufficient_funds", 38],
        ["stk_timeout", 37],
        ["customer_cancelled", 25],
      ])
    : random.weighted([
        ["insufficient_funds", 44],
        ["authentication_failed", 23],
        ["customer_cancelled", 8],
        ["expired_card", 10],
        ["incorrect_cvc", 11],
        ["lost_card", 4],
      ]);
}

/** In test mode the simulator's cards (contracts/test-cards.ts): each does what it is for. */
const CARD_OF_CODE: Readonly<Record<string, string>> = {
  card_declined: "0002",
  insufficient_funds: "9995",
  expired_card: "0069",
  incorrect_cvc: "0127",
  lost_card: "9987",
  fraudulent: "0019",
  processing_error: "0119",
};

function cardOf(code: string | null, isChallenged: boolean, isTest: boolean, random: Random): Card | null {
  if (code === "customer_cancelled") return null;
  if (!isTest) {
    const brand = random.weighted([
      ["visa", 52],
      ["mastercard", 38],
      ["amex", 10],
    ]);
    return { brand, last4: String(random.between(0, 9_999)).padStart(4, "0") };
  }
  if (isChallenged) return { brand: "visa", last4: random.pick(["3155", "3220"]) };
  const last4 = code === null ? undefined : CARD_OF_CODE[code];
  if (last4 !== undefined) return { brand: "visa", last4 };
  return random.weighted<Card>([
    [{ brand: "visa", last4: "4242" }, 56],
    [{ brand: "mastercard", last4: "4444" }, 34],
    [{ brand: "amex", last4: "0005" }, 10],
  ]);
}

const PHONE_OF_CODE: Readonly<Record<string, string>> = {
  insufficient_funds: "001",
  customer_cancelled: "002",
  stk_timeout: "003",
};

function mpesaPhone(code: string | null, isTest: boolean, random: Random): string {
  if (!isTest) return String(random.between(0, 999)).padStart(3, "0");
  return (code === null ? undefined : PHONE_OF_CODE[code]) ?? "000";
}
