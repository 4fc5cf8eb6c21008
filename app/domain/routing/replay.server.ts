import type { Candidate, Receipt } from "~/contracts/routing";
import type { RoutingReplay, RoutingWeights, Rules } from "~/contracts/routing-rules";
import type { RoutingOutcomeKind } from "~/db/generated/enums";
import { eligibleOrder, reorder } from "./decide.server";
import { splitDraw } from "./draws.server";
import { applyRules, type RuleRequest } from "./rules";

/** What is tried on past decisions; what is left out stays as it was in each of them. */
export interface ReplayChange {
  weights?: Partial<RoutingWeights> | undefined;
  rules?: Rules | undefined;
  /** A connection that serves nobody. */
  offConnectionId?: string | undefined;
}

/** A stored decision and what became of it. */
export interface PastDecision {
  receipt: Receipt;
  request: RuleRequest & { currency: string; amount: number };
  /** Of the session: which connection had it and how it ended; null while it is open. */
  outcome: { connectionId: string; kind: RoutingOutcomeKind } | null;
}

/** Which connection came first, and which one comes first under the change; null: none could serve. Pure. */
export function replayDecision(
  { receipt, request }: PastDecision,
  { weights, rules, offConnectionId }: ReplayChange,
): { before: Candidate | null; after: Candidate | null } {
  const isByRule = ({ excluded }: Candidate) => excluded === "rule" || excluded === "amount";
  const isAble = (candidate: Candidate) =>
    candidate.connectionId !== offConnectionId &&
    (candidate.excluded === null || (rules !== undefined && isByRule(candidate)));
  const able = receipt.candidates.filter(isAble).map(({ connectionId }) => connectionId);
  const stage = rules === undefined ? null : applyRules(rules, able, request, () => splitDraw(receipt.seed));
  const { candidates } = reorder(receipt, {
    weights: { ...receipt.weights, ...weights },
    place(candidate) {
      const { connectionId } = candidate;
      if (connectionId === offConnectionId) return { excluded: "inactive", tier: 0 };
      if (stage === null || !isAble(candidate)) return candidate;
      return {
        excluded: stage.barred.get(connectionId) ?? null,
        tier: stage.tiers.get(connectionId) ?? 0,
      };
    },
  });
  return {
    before: eligibleOrder(receipt)[0] ?? null,
    after: candidates.find(({ rank }) => rank === 1) ?? null,
  };
}

/** Sums of one currency: amounts of two cannot be added. */
interface CurrencySums {
  decisions: number;
  amount: number;
  moved: number;
  before: { amount: number; fees: number };
  after: { amount: number; fees: number };
}

/** The sums that a replay's answer is made of: their size does not depend on how many decisions there are. */
export interface ReplaySums {
  decisions: number;
  evidence: number;
  unknown: number;
  estimate: number;
  unservedBefore: number;
  unservedAfter: number;
  /** Expected number of paid ones. */
  paidBefore: number;
  paidAfter: number;
  /** Of `paidAfter − paidBefore`, if every error had the same sign: errors of one connection do. */
  uncertainty: number;
  currencies: Map<string, CurrencySums>;
  providers: Map<string, { provider: string; before: number; after: number }>;
}

export function newReplaySums(): ReplaySums {
  return {
    decisions: 0,
    evidence: 0,
    unknown: 0,
    estimate: 0,
    unservedBefore: 0,
    unservedAfter: 0,
    paidBefore: 0,
    paidAfter: 0,
    uncertainty: 0,
    currencies: new Map(),
    providers: new Map(),
  };
}

/**
 * Adds one decision. Where the same connection comes first, nothing changes and what happened is the
 * evidence; where another does, the change is the difference of the two chances that routing expected then
 * (p̂ of the receipt), and the known outcome stays the base.
 */
export function addToReplay(sums: ReplaySums, past: PastDecision, change: ReplayChange): void {
  const { before, after } = replayDecision(past, change);
  const { outcome, request } = past;
  const isSame = before?.connectionId === after?.connectionId;
  const isKnown =
    outcome !== null &&
    outcome.connectionId === before?.connectionId &&
    (outcome.kind === "PAID" || outcome.kind === "DECLINED");
  sums.decisions += 1;
  if (!isSame) sums.estimate += 1;
  else if (isKnown) sums.evidence += 1;
  else sums.unknown += 1;
  if (before === null) sums.unservedBefore += 1;
  if (after === null) sums.unservedAfter += 1;

  const paid = isKnown ? Number(outcome.kind === "PAID") : chanceOf(before);
  sums.paidBefore += paid;
  sums.paidAfter += isSame ? paid : after === null ? 0 : paid + chanceOf(after) - chanceOf(before);
  if (!isSame) sums.uncertainty += Math.sqrt(varianceOf(before) + varianceOf(after));

  const { amount } = request;
  const own = sums.currencies.get(request.currency) ?? {
    decisions: 0,
    amount: 0,
    moved: 0,
    before: { amount: 0, fees: 0 },
    after: { amount: 0, fees: 0 },
  };
  sums.currencies.set(request.currency, own);
  own.decisions += 1;
  own.amount += amount;
  if (!isSame) own.moved += amount;
  for (const [side, candidate] of [["before", before] as const, ["after", after] as const]) {
    if (candidate === null) continue;
    own[side].amount += amount;
    own[side].fees += amount * candidate.feeShare;
    const share = sums.providers.get(candidate.connectionId) ?? {
      provider: candidate.provider,
      before: 0,
      after: 0,
    };
    share[side] += 1;
    sums.providers.set(candidate.connectionId, share);
  }
}

function chanceOf(candidate: Candidate | null): number {
  return candidate === null ? 0 : candidate.alpha / (candidate.alpha + candidate.beta);
}

/** Of the Beta posterior. */
function varianceOf(candidate: Candidate | null): number {
  if (candidate === null) return 0;
  const { alpha, beta } = candidate;
  return (alpha * beta) / ((alpha + beta) ** 2 * (alpha + beta + 1));
}

/** The answer. `decisions` is how many the period has, of which `sums` may be a sample. */
export function replayResult(
  sums: ReplaySums,
  { from, to, decisions }: { from: Date; to: Date; decisions: number },
): RoutingReplay {
  const total = Math.max(1, sums.decisions);
  // Each currency by its number of decisions: there are no exchange rates here.
  const perCurrency = (value: (own: CurrencySums) => number | null) => {
    let sum = 0;
    let weight = 0;
    for (const own of sums.currencies.values()) {
      const one = value(own);
      if (one === null) continue;
      sum += one * own.decisions;
      weight += own.decisions;
    }
    return weight === 0 ? 0 : sum / weight;
  };
  const feesOf = (side: "before" | "after") =>
    perCurrency((own) => (own[side].amount === 0 ? null : own[side].fees / own[side].amount)) * 10_000;
  const part = (number: number) => ({ decisions: number, share: number / total });
  const fees = { beforeBps: feesOf("before"), afterBps: feesOf("after") };
  const result = {
    from: from.toISOString(),
    to: to.toISOString(),
    decisions,
    replayed: sums.decisions,
    isSample: sums.decisions < decisions,
    moved: {
      ...part(sums.estimate),
      volumeShare: perCurrency((own) => (own.amount === 0 ? null : own.moved / own.amount)),
    },
    evidence: part(sums.evidence),
    unknown: part(sums.unknown),
    estimate: part(sums.estimate),
    unserved: { before: sums.unservedBefore, after: sums.unservedAfter },
    successRate: {
      before: sums.paidBefore / total,
      after: sums.paidAfter / total,
      changePoints: ((sums.paidAfter - sums.paidBefore) / total) * 100,
      uncertaintyPoints: (sums.uncertainty / total) * 100,
    },
    fees: { ...fees, changeBps: fees.afterBps - fees.beforeBps },
    providers: [...sums.providers]
      .map(([connectionId, { provider, before, after }]) => ({
        connectionId,
        provider,
        before,
        after,
        beforeShare: before / total,
        afterShare: after / total,
      }))
      .sort((a, b) => b.before - a.before || b.after - a.after || (a.connectionId < b.connectionId ? -1 : 1)),
  };
  return { ...result, summary: summaryOf(result) };
}

const counts = new Intl.NumberFormat("en");

function summaryOf(result: Omit<RoutingReplay, "summary">): string {
  if (result.replayed === 0) return "There was no decision in this period to try it on.";
  const { moved, unserved, successRate, fees } = result;
  const lost = unserved.after - unserved.before;
  const refused =
    lost <= 0
      ? ""
      : ` ${counts.format(lost)} of ${counts.format(result.replayed)} decisions would have found no provider.`;
  if (moved.decisions === 0) return "Would have moved nothing: the same providers come first.";
  return `Would have moved ${percent(moved.volumeShare)} of volume; expected ${signed(successRate.changePoints, 1)} points, ${signed(fees.changeBps, 0)} bps fees.${refused}`;
}

function percent(share: number): string {
  const value = share * 100;
  if (value > 0 && value < 1) return "less than 1 %";
  return `${value.toFixed(0)} %`;
}

/** “+0.4”, “−3”, “±0”. */
function signed(value: number, digits: number): string {
  const text = Math.abs(value).toFixed(digits);
  if (Number(text) === 0) return "±0";
  return `${value < 0 ? "−" : "+"}${text}`;
}
