import type { AppliedRule, Exclusion } from "~/contracts/routing";
import { noRules, type Rules } from "~/contracts/routing-rules";

/** What rules look at. A null excludes nobody. */
export interface RuleRequest {
  paymentMethod: string;
  currency: string | null;
  country: string | null;
  /** Decimal amount in the main unit of `currency`. */
  amount: number | null;
  /** The session's additionalInformation; left out or null, no pin matches. */
  metadata?: Readonly<Record<string, unknown>> | null;
}

export interface RulesStage {
  /** Connections that the rules exclude, and why. */
  barred: ReadonlyMap<string, Exclusion>;
  /** Of the connections that are left: a lower tier is tried first. Who is not in it has tier 0. */
  tiers: ReadonlyMap<string, number>;
  applied: readonly AppliedRule[];
}

const NOTHING: RulesStage = { barred: new Map(), tiers: new Map(), applied: [] };

/** Rules as they are stored: validated when they were written, so a list may only be missing. */
export function storedRules(stored: unknown): Rules {
  // The column's default is an empty array: a version without rules.
  if (typeof stored !== "object" || stored === null || Array.isArray(stored)) return noRules;
  return { ...noRules, ...(stored as Partial<Rules>) };
}

/**
 * The merchant's rules, before the engine (routing.md §3): exclusions and amount limits first; then of what
 * is left the first pin that can serve, the draw of the first split that matches, and the first priority list
 * that matches, in this order. The engine orders the rest, and within a tier. Pure.
 * @param connectionIds those that could serve but for the rules.
 * @param draw a number from 0 to below 1 that depends on the session alone.
 */
export function applyRules(
  rules: Rules,
  connectionIds: readonly string[],
  request: RuleRequest,
  draw: () => number,
): RulesStage {
  if (rules === noRules) return NOTHING;
  const barred = new Map<string, Exclusion>();
  const applied: AppliedRule[] = [];
  for (const connectionId of connectionIds) {
    const found = ruleExclusion(rules, connectionId, request);
    if (found === null) continue;
    barred.set(connectionId, found.excluded);
    applied.push(found.rule);
  }
  const eligible = new Set(connectionIds.filter((id) => !barred.has(id)));
  const first: string[] = [];
  const prefer = (kind: AppliedRule["kind"], position: number, ids: readonly string[]) => {
    const able = ids.filter((id) => eligible.has(id));
    const [best] = able;
    if (best === undefined) return;
    applied.push({ kind, position: position + 1, connectionId: best, isPassedOver: false });
    first.push(...able.filter((id) => !first.includes(id)));
  };

  for (const [position, pin] of rules.pins.entries()) {
    if (metadataText(request.metadata, pin.key) !== pin.value) continue;
    if (eligible.has(pin.connectionId)) {
      prefer("pin", position, [pin.connectionId]);
      break;
    }
    applied.push({
      kind: "pin",
      position: position + 1,
      connectionId: pin.connectionId,
      isPassedOver: true,
    });
  }
  const split = rules.splits.findIndex((rule) => isAbout(rule, request));
  const shares = rules.splits[split]?.shares.filter((share) => eligible.has(share.connectionId)) ?? [];
  if (shares.length > 0) prefer("split", split, [drawn(shares, draw())]);
  const priority = rules.priorities.findIndex(
    (rule) =>
      isAbout(rule, request) &&
      (rule.minAmount === null || (request.amount !== null && request.amount >= Number(rule.minAmount))),
  );
  prefer("priority", priority, rules.priorities[priority]?.connectionIds ?? []);

  const tiers = new Map<string, number>();
  if (first.length > 0) {
    for (const id of eligible) tiers.set(id, first.includes(id) ? first.indexOf(id) : first.length);
  }
  return { barred, tiers, applied };
}

/** The rule that keeps a connection from a request, or null. Amounts compare as numbers: both come from exact decimals. */
export function ruleExclusion(
  rules: Rules,
  connectionId: string,
  request: RuleRequest,
): { excluded: Exclusion; rule: AppliedRule } | null {
  const rule = (kind: AppliedRule["kind"], index: number): AppliedRule => ({
    kind,
    position: index + 1,
    connectionId,
    isPassedOver: false,
  });
  const exclusion = rules.exclusions.findIndex(
    (one) =>
      one.connectionId === connectionId &&
      isAbout(one, request) &&
      (one.country === null || one.country === request.country),
  );
  if (exclusion >= 0) return { excluded: "rule", rule: rule("exclusion", exclusion) };
  const { amount } = request;
  if (amount === null) return null;
  const limit = rules.limits.findIndex(
    ({ connectionId: id, currency, min, max }) =>
      id === connectionId &&
      currency === request.currency &&
      ((min !== null && amount < Number(min)) || (max !== null && amount > Number(max))),
  );
  return limit >= 0 ? { excluded: "amount", rule: rule("limit", limit) } : null;
}

function isAbout(
  rule: { paymentMethod: string | null; currency: string | null },
  request: RuleRequest,
): boolean {
  return (
    (rule.paymentMethod === null || rule.paymentMethod === request.paymentMethod) &&
    (rule.currency === null || rule.currency === request.currency)
  );
}

/**
 * The connection that `at` falls on when the shares stand in a row, by id, whatever order they are written in;
 * those that cannot serve are no part of it.
 */
function drawn(shares: Rules["splits"][number]["shares"], at: number): string {
  const total = shares.reduce((sum, { percent }) => sum + percent, 0);
  const row = [...shares].sort((a, b) => (a.connectionId < b.connectionId ? -1 : 1));
  let left = at * total;
  for (const { connectionId, percent } of row) {
    left -= percent;
    if (left < 0) return connectionId;
  }
  return row.at(-1)?.connectionId ?? "";
}

/** A member of additionalInformation as text: a number as JavaScript writes it, however the caller did. */
function metadataText(metadata: RuleRequest["metadata"], key: string): string | null {
  if (metadata === null || metadata === undefined || !Object.hasOwn(metadata, key)) return null;
  const value = metadata[key];
  if (typeof value === "string" || typeof value === "boolean") return String(value);
  const number = Number(String(value));
  return Number.isNaN(number) ? null : String(number);
}
