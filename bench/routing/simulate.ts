// Leads every customer of a trace through a policy: order, creates with failover, customers who do not wait, and what
// the policy is told of it, when. The same for every policy, and the same chances for every policy: what happens to a
// customer at a provider is decided by the trace's draws, not by what was tried before.
import { Calendar } from "./calendar";
import type { Policy } from "./policy";
import { FEES, PROVIDERS, SEGMENTS, type Trace } from "./world";

const K = PROVIDERS.length;
const S = SEGMENTS.length;
const MAX_TRIES = 3;
/** A create fails now and then although nothing is wrong. */
const STRAY_ERRORS = 0.002;
const REFUSED_AFTER_S = 0.3;
/** The product's default (PROVIDER_TIMEOUT_MS), for every policy that does not say otherwise. */
const PATIENCE = { timeOut: 4, overdue: Number.POSITIVE_INFINITY };
/** A customer leaves with chance 1 − exp(−wait/30 s). */
const CUSTOMER_PATIENCE_S = 30;
/** Share of customers who never complete, whoever serves them. */
const NEVER_COMPLETES = 0.2;
/** As long as the product keeps a session open. */
const EXPIRES_AFTER_S = 3600;
/** Creates that succeed: median and spread of the logarithm. */
const LATENCY_S = { median: 0.35, spread: 0.4 };
const NOBODY = 255;

export interface Run {
  /** All shares in percent of sessions; `best` is what somebody would have had who knew every chance. */
  paid: number;
  best: number;
  regret: number;
  /** Of what was paid, in hundredths of a percent. */
  feeBps: number;
  /** Sessions that ended without a checkout, or whose customer left, after a provider that was out had been tried. */
  lost: number;
  /** Creates sent to a provider that was out. */
  wasted: number;
  /** Percent of sessions for which a provider was first. */
  share: number[];
  /** By session: who was first, and who should have been (`NOBODY`: all out). */
  first: Uint8Array;
  bestFirst: Uint8Array;
}

/** What a policy is told, as a number for the calendar. */
const NEWS = ["failed", "created", "paid", "declined", "expired", "overdue"] as const;
type News = (typeof NEWS)[number];

export function simulate(trace: Trace, policy: Policy): Run {
  const { count, at, segment: segments, chance, stay } = trace;
  const calendar = new Calendar();
  const code = (news: News, provider: number, segment: number) =>
    (NEWS.indexOf(news) * K + provider) * S + segment;
  const tell = (upTo: number) => {
    for (let now = calendar.next; now <= upTo; now = calendar.next) {
      const { what, latency } = calendar.take();
      const segment = what % S;
      const provider = Math.floor(what / S) % K;
      const news = NEWS[Math.floor(what / S / K)] ?? "failed";
      if (news === "failed" || news === "created") {
        policy.onCreate(provider, segment, news === "created", latency, now);
      } else if (news === "overdue") policy.onOverdue?.(provider, now);
      else policy.onOutcome(provider, segment, news, now, latency);
    }
  };
  const outages = new Timeline(trace.outages);
  const silences = new Timeline(trace.silences);

  const worthOf = (provider: number, segment: number, now: number) =>
    silences.isOn(provider, now)
      ? 0
      : (chance[provider]?.[segment]?.[Math.floor(now / 60)] ?? 0) * (stay[provider] ?? 0);

  const first = new Uint8Array(count);
  const bestFirst = new Uint8Array(count);
  const share = PROVIDERS.map(() => 0);
  const total = { paid: 0, best: 0, fees: 0, volume: 0, lost: 0, wasted: 0 };
  for (let session = 0; session < count; session++) {
    const now = at[session] ?? 0;
    const segment = segments[session] ?? 0;
    tell(now);
    outages.moveTo(now);
    silences.moveTo(now);

    let best = 0;
    bestFirst[session] = NOBODY;
    for (let provider = 0; provider < K; provider++) {
      if (outages.isOn(provider, now)) continue;
      const value = worthOf(provider, segment, now);
      if (value > best) {
        best = value;
        bestFirst[session] = provider;
      }
    }

    const order = policy.order(segment, session, now);
    first[session] = order[0] ?? NOBODY;
    let served: number | null = null;
    let hasLeft = false;
    let metOutage = false;
    let waited = 0;
    let tries = 0;
    for (let place = 0; place < order.length && tries < MAX_TRIES; place++) {
      const provider = order[place] ?? 0;
      if (policy.mayTry?.(provider, now + waited) === false) continue;
      if (tries === 0) {
        first[session] = provider;
        share[provider] = (share[provider] ?? 0) + 1;
      }
      const isOut = outages.isOn(provider, now);
      const fails = isOut || draw(trace.seed, session, tries) < STRAY_ERRORS;
      tries += 1;
      const { timeOut, overdue } = policy.patience?.(provider) ?? PATIENCE;
      if (!fails) {
        served = provider;
        const latency = LATENCY_S.median * Math.exp(LATENCY_S.spread * drawNormal(trace.seed, session));
        if (latency > overdue) calendar.add(now + waited + overdue, code("overdue", provider, segment));
        calendar.add(now + waited + latency, code("created", provider, segment), latency);
        break;
      }
      if (isOut) {
        metOutage = true;
        total.wasted += 1;
      }
      const latency = isOut && outages.timesOut(provider) ? timeOut : REFUSED_AFTER_S;
      if (latency > overdue) calendar.add(now + waited + overdue, code("overdue", provider, segment));
      waited += latency;
      calendar.add(now + waited, code("failed", provider, segment), latency);
      if ((trace.patienceDraw[session] ?? 0) < 1 - Math.exp(-waited / CUSTOMER_PATIENCE_S)) {
        hasLeft = true;
        break;
      }
    }

    const isServed = served !== null && !hasLeft;
    const value = served !== null && isServed ? worthOf(served, segment, now) : 0;
    if (!isServed && metOutage) total.lost += 1;
    total.best += best;
    total.paid += value;
    if (served === null || !isServed) continue;
    const amount = trace.amount[session] ?? 0;
    const [fixed, percent] = FEES[served]?.[segment] ?? [0, 0];
    total.fees += value * (fixed + percent * amount);
    total.volume += value * amount;
    const endsAt = now + waited + (trace.delay[session] ?? 0);
    const keeps = (1 - NEVER_COMPLETES) * (stay[served] ?? 0);
    const completes = (trace.completeDraw[session] ?? 0) < keeps && !silences.touches(served, now, endsAt);
    if (completes) {
      const isPaid =
        (trace.paidDraw[session] ?? 0) < (chance[served]?.[segment]?.[Math.floor(now / 60)] ?? 0);
      calendar.add(endsAt, code(isPaid ? "paid" : "declined", served, segment), endsAt - now);
    } else {
      calendar.add(
        now + waited + EXPIRES_AFTER_S,
        code("expired", served, segment),
        waited + EXPIRES_AFTER_S,
      );
    }
  }
  const percent = (value: number) => (100 * value) / count;
  return {
    paid: percent(total.paid),
    best: percent(total.best),
    regret: percent(total.best - total.paid),
    feeBps: (10_000 * total.fees) / total.volume,
    lost: total.lost,
    wasted: total.wasted,
    share: share.map(percent),
    first,
    bestFirst,
  };
}

interface Span {
  provider: number;
  start: number;
  end: number;
  timesOut?: boolean;
}

/** Which providers are inside a span, as time goes on. */
class Timeline {
  readonly #spans: readonly Span[];
  #next = 0;
  readonly #until = PROVIDERS.map(() => Number.NEGATIVE_INFINITY);
  readonly #timesOut = PROVIDERS.map(() => false);

  /** @param spans by start. */
  constructor(spans: readonly Span[]) {
    this.#spans = spans;
  }

  moveTo(now: number): void {
    for (let span = this.#spans[this.#next]; span && span.start <= now; span = this.#spans[this.#next]) {
      this.#next += 1;
      if (span.end <= (this.#until[span.provider] ?? 0)) continue;
      this.#until[span.provider] = span.end;
      this.#timesOut[span.provider] = span.timesOut ?? false;
    }
  }

  isOn(provider: number, now: number): boolean {
    return (this.#until[provider] ?? 0) > now;
  }

  timesOut(provider: number): boolean {
    return this.#timesOut[provider] ?? false;
  }

  /** True when the session is begun or ends inside a span. */
  touches(provider: number, from: number, to: number): boolean {
    if (this.isOn(provider, from)) return true;
    for (const span of this.#spans) {
      if (span.provider === provider && span.start <= to && span.end > to) return true;
    }
    return false;
  }
}

/** Uniform in [0, 1), the same for a session's nth try whoever is asked. */
function draw(seed: number, session: number, nth: number): number {
  let h = Math.imul(seed, 0x9e3779b1) ^ Math.imul(session + 1, 0x85ebca6b) ^ Math.imul(nth + 1, 0xc2b2ae35);
  h = Math.imul(h ^ (h >>> 16), 0x7feb352d);
  h = Math.imul(h ^ (h >>> 15), 0x846ca68b);
  return ((h ^ (h >>> 16)) >>> 0) / 4_294_967_296;
}

function drawNormal(seed: number, session: number): number {
  const u = 1 - draw(seed, session, 10);
  return Math.sqrt(-2 * Math.log(u)) * Math.cos(2 * Math.PI * draw(seed, session, 11));
}
