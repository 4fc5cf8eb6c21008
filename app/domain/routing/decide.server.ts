import type { Fee as StoredFee } from "~/contracts/providers";
import type { Candidate, Exclusion, Receipt } from "~/contracts/routing";
import { noRules, type Rules } from "~/contracts/routing-rules";
import { availability, type Health, mayTry, speedFactor } from "./breaker";
import { splitDraw, standardNormals, trialDraw } from "./draws.server";
import { completion, type Evidence, posterior } from "./estimate";
import { applyRules, type RuleRequest } from "./rules";
import { trialOf } from "./trial";
import { TUNED } from "./tuned";

export interface Fee {
  /** 1.75 is 1.75 % of the amount. */
  percent: number;
  /** In `currency`'s own unit. Only ratios are made of it. */
  fixed: number;
  currency: string;
}

/** A connection's fees as they are stored, in decimal text: read once, and not with every decision. */
export function feesInNumbers(stored: readonly StoredFee[]): Fee[] {
  return stored.map(({ percent, fixed, currency }) => ({
    percent: Number(percent),
    fixed: Number(fixed),
    currency,
  }));
}

/** A connection as routing knows it. */
export interface RoutingConnection {
  connectionId: string;
  provider: string;
  isActive: boolean;
  hasAdapter: boolean;
  hasCredentials: boolean;
  paymentMethods: readonly string[];
  currencies: readonly string[];
  /** Empty means every country. */
  countries: readonly string[];
  fees: readonly Fee[];
  health: Health;
}

export interface Snapshot {
  connections: readonly RoutingConnection[];
  /** What every cell of these connections says, as of when they were read: gathered once for all who read together. */
  evidence: Evidence;
}

export interface RoutingRequest {
  paymentMethod: string;
  currency: string;
  /** Decimal amount, as a number: only ratios are made of it. */
  amount: number;
  /** Null when it is not known: then it excludes nobody. */
  country: string | null;
  /** The session's additionalInformation, which pins look at. */
  metadata?: RuleRequest["metadata"];
}

export interface RoutingSettings {
  version: number;
  margin: number;
  costWeight: number;
  speedWeight: number;
  /** None when left out. */
  rules?: Rules;
}

export const defaultSettings: RoutingSettings = { version: 0, margin: 1, costWeight: 1, speedWeight: 1 };

/** The unit in which outcomes are pooled: method × currency. */
export function segmentOf(paymentMethod: string, currency: string): string {
  return `${paymentMethod}:${currency}`;
}

/**
 * Filters the connections, orders the rest best first, and says why (routing.md §1–§6). Pure: the
 * moment and the seed are given, so the same input gives the same receipt, bit for bit.
 * @param seed the session's id.
 */
export function decide(
  snapshot: Snapshot,
  request: RoutingRequest,
  settings: RoutingSettings,
  seed: string,
  nowMs: number,
): Receipt {
  const segment = segmentOf(request.paymentMethod, request.currency);
  const { evidence } = snapshot;
  const drawFor = standardNormals(seed, settings.version);
  const weights = { margin: settings.margin, cost: settings.costWeight, speed: settings.speedWeight };

  const silent: string[] = [];
  const drafts = snapshot.connections.map((connection): Draft => {
    const estimate = posterior(evidence, connection.connectionId, segment);
    const normals = drawFor(connection.connectionId);
    const ends = completion(evidence, connection.connectionId, segment, connection.health, normals[1], nowMs);
    if (ends.isSilent) silent.push(connection.connectionId);
    return {
      connectionId: connection.connectionId,
      provider: connection.provider,
      rank: null,
      excluded: exclusionOf(connection, request, nowMs),
      tier: 0,
      trial: false,
      score: null,
      factors: {
        successRate: 0,
        cost: 1,
        speed: speedFactor(connection.health),
        availability: availability(connection.health, nowMs),
      },
      alpha: estimate.alpha,
      beta: estimate.beta,
      completion: ends.completion,
      completionDrawn: ends.completionDrawn,
      z: normals[0],
      theta: 0,
      utility: 0,
      feeShare: feeShareOf(connection.fees, request),
      sampleSize: estimate.sampleSize,
      newestOutcomeAgeS:
        estimate.newestOutcomeAtMs === null ? null : Math.max(0, (nowMs - estimate.newestOutcomeAtMs) / 1000),
    };
  });
  // The merchant's rules come last: what they exclude could have served but for them.
  const able = drafts.filter((draft) => draft.excluded === null).map((draft) => draft.connectionId);
  const stage = applyRules(settings.rules ?? noRules, able, request, () => splitDraw(seed));
  for (const draft of drafts) {
    draft.excluded ??= stage.barred.get(draft.connectionId) ?? null;
    draft.tier = stage.tiers.get(draft.connectionId) ?? 0;
  }
  // A silent one has a customer a minute already (`completion`).
  const mayBeTried = () =>
    contendersOf(drafts).flatMap(({ connectionId: id }) => (silent.includes(id) ? [] : [id]));
  const tried = trialOf(evidence, mayBeTried, segment, trialDraw(seed, settings.version));
  for (const draft of drafts) draft.trial = draft.connectionId === tried;
  const { temperature } = TUNED;
  return {
    ...{ segment, configVersion: settings.version, weights, seed, rules: [...stage.applied], temperature },
    ...order(drafts, weights, temperature),
  };
}

/** A candidate of which everything is known but what `order` makes of it: rank, score, success, cost, θ and utility. */
type Draft = Candidate & { factors: NonNullable<Candidate["factors"]> };

/** Completes and orders the drafts: what `decide` does last, and what a receipt is checked by. */
function order(
  drafts: readonly Draft[],
  weights: Receipt["weights"],
  temperature: number,
): Pick<Receipt, "candidates" | "explored"> {
  const eligible = drafts.filter((draft) => draft.excluded === null);
  const lowestFee = Math.min(...eligible.map((draft) => draft.feeShare));
  const worth = (chance: number, completes: number, { feeShare, factors }: Draft) =>
    chance *
    completes *
    raised(Math.max(0, weights.margin - feeShare), weights.cost) *
    raised(factors.speed, weights.speed);

  for (const draft of drafts) {
    const { alpha, beta, z, factors, feeShare } = draft;
    const isEligible = draft.excluded === null;
    draft.rank = null;
    draft.theta =
      1 / (1 + Math.exp(-(Math.log(alpha / beta) + temperature * z * Math.sqrt(1 / alpha + 1 / beta))));
    draft.utility = worth(draft.theta, draft.completionDrawn ?? draft.completion, draft);
    factors.successRate = alpha / (alpha + beta);
    factors.cost =
      isEligible && weights.margin > lowestFee
        ? Math.max(0, (weights.margin - feeShare) / (weights.margin - lowestFee))
        : 1;
    draft.score = isEligible
      ? 100 * factors.availability * factors.successRate * factors.cost * factors.speed
      : null;
  }

  const contenders = contendersOf(drafts);
  const calmBest = best(contenders, (draft) =>
    worth(draft.alpha / (draft.alpha + draft.beta), draft.completion, draft),
  );
  // Not one that would lose even if everybody paid: there is nothing to find out.
  const highest = () => Math.max(...contenders.map(({ utility }) => utility));
  const tried = contenders.find((draft) => draft.trial && worth(1, 1, draft) > highest());
  const turn = (draft: Draft) => Number(draft === tried);
  const ranked = eligible.sort(
    (a, b) =>
      a.tier - b.tier ||
      turn(b) - turn(a) ||
      b.utility - a.utility ||
      (a.connectionId < b.connectionId ? -1 : 1),
  );
  ranked.forEach((draft, position) => {
    draft.rank = position + 1;
  });
  const rest = drafts.filter((draft) => draft.excluded !== null);
  return {
    candidates: [...ranked, ...rest],
    explored: ranked[0] !== undefined && calmBest !== undefined && ranked[0] !== calmBest,
  };
}

/** To a weight; to 1, as the weights usually are, without the work. */
const raised = (base: number, weight: number) => (weight === 1 ? base : base ** weight);

/** Those among whom the engine chooses: the rules put the others behind. */
function contendersOf(drafts: readonly Draft[]): Draft[] {
  const eligible = drafts.filter((draft) => draft.excluded === null);
  const topTier = Math.min(...eligible.map((draft) => draft.tier));
  return eligible.filter((draft) => draft.tier === topTier);
}

/** The same decision from its receipt alone; equal to the stored one, bit for bit (routing.md §6). */
export function recompute(receipt: Receipt): Pick<Receipt, "candidates" | "explored"> {
  return reorder(receipt, {});
}

/**
 * The decision of a receipt under other weights, or with other connections excluded or put into tiers: on
 * what was known then, and with the same draws, so that only the change makes a difference.
 */
export function reorder(
  receipt: Receipt,
  change: {
    weights?: Receipt["weights"] | undefined;
    place?: (candidate: Candidate) => Pick<Candidate, "excluded" | "tier">;
  },
): Pick<Receipt, "candidates" | "explored"> {
  return order(
    receipt.candidates.map((candidate) => ({
      ...candidate,
      ...change.place?.(candidate),
      factors: { successRate: 0, cost: 1, speed: 1, availability: 0, ...candidate.factors },
    })),
    change.weights ?? receipt.weights,
    receipt.temperature,
  );
}

/** The eligible connections, in the order in which they are to be tried. */
export function eligibleOrder(receipt: Receipt): Candidate[] {
  return receipt.candidates
    .filter((candidate) => candidate.rank !== null)
    .sort((a, b) => (a.rank ?? 0) - (b.rank ?? 0));
}

function best<Item>(items: readonly Item[], value: (item: Item) => number): Item | undefined {
  let winner: Item | undefined;
  for (const item of items) if (winner === undefined || value(item) > value(winner)) winner = item;
  return winner;
}

/** Why a connection cannot serve, or null (routing.md §1). A currency or country of null excludes nobody. */
export function exclusionOf(
  connection: RoutingConnection,
  request: { paymentMethod: string; currency: string | null; country: string | null },
  nowMs: number,
): Exclusion | null {
  if (!connection.isActive) return "inactive";
  if (!connection.hasCredentials) return "credentials";
  if (!connection.hasAdapter) return "unknown_provider";
  if (!connection.paymentMethods.includes(request.paymentMethod)) return "payment_method";
  if (request.currency !== null && !connection.currencies.includes(request.currency)) return "currency";
  if (
    connection.countries.length > 0 &&
    request.country !== null &&
    !connection.countries.includes(request.country)
  )
    return "country";
  if (!mayTry(connection.health, nowMs)) return "breaker_open";
  return null;
}

/** (percent + fixed ÷ amount) for this currency; a fixed fee in another currency cannot be added and is left out. */
function feeShareOf(fees: readonly Fee[], request: RoutingRequest): number {
  const own = fees.find((fee) => fee.currency === request.currency);
  const fee = own ?? fees[0];
  if (fee === undefined) return 0;
  const fixed = own === undefined ? 0 : own.fixed / request.amount;
  return Math.min(1, fee.percent / 100 + fixed);
}
