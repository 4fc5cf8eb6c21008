import type { Candidate, Exclusion, Receipt } from "~/contracts/routing";
import { noRules, type Rules } from "~/contracts/routing-rules";
import { availability, type Health, mayTry, speedFactor } from "./breaker";
import { splitDraw, standardNormals, trialDraw } from "./draws.server";
import { completion, type Evidence, posterior } from "./estimate";
import { applyRules, type RuleRequest } from "./rules";
import { trialOf } from "./trial";
import { TUNED } from "./tuned";

export interface Fee {
  /** "1.75" is 1.75 % of the amount. */
  percent: string;
  /** Decimal, in `currency`. */
  fixed: string;
  currency: string;
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

  const facts = snapshot.connections.map((connection): Facts & { isSilent: boolean } => {
    const estimate = posterior(evidence, connection.connectionId, segment);
    const normals = drawFor(connection.connectionId);
    const ends = completion(evidence, connection.connectionId, segment, connection.health, normals[1], nowMs);
    return {
      connectionId: connection.connectionId,
      provider: connection.provider,
      excluded: exclusionOf(connection, request, nowMs),
      tier: 0,
      trial: false,
      alpha: estimate.alpha,
      beta: estimate.beta,
      completion: ends.completion,
      completionDrawn: ends.completionDrawn,
      isSilent: ends.isSilent,
      z: normals[0],
      feeShare: feeShareOf(connection.fees, request),
      availability: availability(connection.health, nowMs),
      speed: speedFactor(connection.health),
      sampleSize: estimate.sampleSize,
      newestOutcomeAgeS:
        estimate.newestOutcomeAtMs === null ? null : Math.max(0, (nowMs - estimate.newestOutcomeAtMs) / 1000),
    };
  });
  const able = facts.filter((fact) => fact.excluded === null).map((fact) => fact.connectionId);
  const stage = applyRules(settings.rules ?? noRules, able, request, () => splitDraw(seed));
  for (const fact of facts) {
    fact.excluded ??= stage.barred.get(fact.connectionId) ?? null;
    fact.tier = stage.tiers.get(fact.connectionId) ?? 0;
  }
  // A silent one has a customer a minute already (`completion`).
  const contenders = () => contendersOf(facts).flatMap((fact) => (fact.isSilent ? [] : [fact.connectionId]));
  const tried = trialOf(evidence, contenders, segment, trialDraw(seed, settings.version));
  for (const fact of facts) fact.trial = fact.connectionId === tried;
  const { temperature } = TUNED;
  return {
    ...{ segment, configVersion: settings.version, weights, seed, rules: [...stage.applied], temperature },
    ...order(facts, weights, temperature),
  };
}

interface Facts {
  connectionId: string;
  provider: string;
  /** The merchant's rules come last: what they exclude could have served but for them. */
  excluded: Exclusion | null;
  tier: number;
  trial: boolean;
  alpha: number;
  beta: number;
  completion: number;
  /** Null in receipts from before it was drawn. */
  completionDrawn: number | null;
  z: number;
  feeShare: number;
  availability: number;
  speed: number;
  sampleSize: number;
  newestOutcomeAgeS: number | null;
}

/** Order and scores from the facts alone: what `decide` does last, and what a receipt is checked by. */
function order(
  facts: readonly Facts[],
  weights: Receipt["weights"],
  temperature: number,
): Pick<Receipt, "candidates" | "explored"> {
  const eligible = facts.filter((fact) => fact.excluded === null);
  const lowestFee = Math.min(...eligible.map((fact) => fact.feeShare));
  const worth = (chance: number, completes: number, fact: Facts) =>
    chance *
    completes *
    Math.max(0, weights.margin - fact.feeShare) ** weights.cost *
    fact.speed ** weights.speed;

  const candidates = facts.map((fact): Candidate => {
    const theta =
      1 /
      (1 +
        Math.exp(
          -(
            Math.log(fact.alpha / fact.beta) +
            temperature * fact.z * Math.sqrt(1 / fact.alpha + 1 / fact.beta)
          ),
        ));
    const isEligible = fact.excluded === null;
    const successRate = fact.alpha / (fact.alpha + fact.beta);
    const cost =
      isEligible && weights.margin > lowestFee
        ? Math.max(0, (weights.margin - fact.feeShare) / (weights.margin - lowestFee))
        : 1;
    return {
      connectionId: fact.connectionId,
      provider: fact.provider,
      rank: null,
      excluded: fact.excluded,
      tier: fact.tier,
      trial: fact.trial,
      score: isEligible ? 100 * fact.availability * successRate * cost * fact.speed : null,
      factors: { successRate, cost, speed: fact.speed, availability: fact.availability },
      alpha: fact.alpha,
      beta: fact.beta,
      completion: fact.completion,
      completionDrawn: fact.completionDrawn,
      z: fact.z,
      theta,
      utility: worth(theta, fact.completionDrawn ?? fact.completion, fact),
      feeShare: fact.feeShare,
      sampleSize: fact.sampleSize,
      newestOutcomeAgeS: fact.newestOutcomeAgeS,
    };
  });

  const contenders = contendersOf(facts);
  const calmBest = best(contenders, (fact) =>
    worth(fact.alpha / (fact.alpha + fact.beta), fact.completion, fact),
  );
  // Not one that would lose even if everybody paid: there is nothing to find out.
  const highest = () => Math.max(...contendersOf(candidates).map(({ utility }) => utility));
  const tried = contenders.find((fact) => fact.trial && worth(1, 1, fact) > highest())?.connectionId;
  const turn = ({ connectionId }: Candidate) => Number(connectionId === tried);
  const ranked = candidates
    .filter((candidate) => candidate.excluded === null)
    .sort(
      (a, b) =>
        a.tier - b.tier ||
        turn(b) - turn(a) ||
        b.utility - a.utility ||
        (a.connectionId < b.connectionId ? -1 : 1),
    );
  ranked.forEach((candidate, position) => {
    candidate.rank = position + 1;
  });
  const rest = candidates.filter((candidate) => candidate.excluded !== null);
  return {
    candidates: [...ranked, ...rest],
    explored:
      ranked[0] !== undefined && calmBest !== undefined && ranked[0].connectionId !== calmBest.connectionId,
  };
}

/** Those among whom the engine chooses: the rules put the others behind. */
function contendersOf<Fact extends Pick<Facts, "excluded" | "tier">>(facts: readonly Fact[]): Fact[] {
  const eligible = facts.filter((fact) => fact.excluded === null);
  const topTier = Math.min(...eligible.map((fact) => fact.tier));
  return eligible.filter((fact) => fact.tier === topTier);
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
      availability: candidate.factors?.availability ?? 0,
      speed: candidate.factors?.speed ?? 1,
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
  const fixed = own === undefined ? 0 : Number(own.fixed) / request.amount;
  return Math.min(1, Number(fee.percent) / 100 + fixed);
}
