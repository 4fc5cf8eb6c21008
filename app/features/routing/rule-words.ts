import type { AppliedRule, Receipt } from "~/contracts/routing";
import type { RoutingWeights, Rules } from "~/contracts/routing-rules";
import { methodName } from "~/features/sessions/method";

/** A rule in words: of what kind, which one in its list (from 1), and what it says. */
export interface RuleSentence {
  kind: AppliedRule["kind"];
  position: number;
  text: string;
}

type NameOf = (connectionId: string) => string;

/** "Card in EUR", "M-Pesa", "EUR", "Everything". */
function about({
  paymentMethod,
  currency,
}: {
  paymentMethod: string | null;
  currency: string | null;
}): string {
  if (paymentMethod === null) return currency === null ? "Everything" : `Everything in ${currency}`;
  return currency === null ? methodName(paymentMethod) : `${methodName(paymentMethod)} in ${currency}`;
}

/** Every rule in the order in which rules act. `nameOf` names a connection. */
export function ruleSentences(rules: Rules, nameOf: NameOf): RuleSentence[] {
  const all = <Rule>(kind: AppliedRule["kind"], list: readonly Rule[], text: (rule: Rule) => string) =>
    list.map((rule, index): RuleSentence => ({ kind, position: index + 1, text: text(rule) }));
  return [
    ...all("exclusion", rules.exclusions, ({ connectionId, country, ...rule }) => {
      const where =
        country === null ? "" : `${about(rule) === "Everything" ? "" : ", "}customers in ${country}`;
      const what = about(rule) === "Everything" && country !== null ? "" : about(rule);
      return `${nameOf(connectionId)} never: ${what}${where}`;
    }),
    ...all("limit", rules.limits, ({ connectionId, currency, min, max }) => {
      const range = [
        min === null ? "" : `from ${currency} ${min}`,
        max === null ? "" : `up to ${currency} ${max}`,
      ];
      return `${nameOf(connectionId)} only ${range.filter(Boolean).join(" ")}`;
    }),
    ...all(
      "pin",
      rules.pins,
      ({ key, value, connectionId }) => `${key} = ${value}: ${nameOf(connectionId)} first`,
    ),
    ...all("split", rules.splits, (rule) => {
      const shares = rule.shares.map(({ connectionId, percent }) => `${nameOf(connectionId)} ${percent} %`);
      return `${about(rule)}: ${shares.join(", ")}`;
    }),
    ...all("priority", rules.priorities, (rule) => {
      const from = rule.minAmount === null ? "" : ` from ${rule.currency} ${rule.minAmount}`;
      return `${about(rule)}${from}: ${rule.connectionIds.map(nameOf).join(", then ")}`;
    }),
  ];
}

const KINDS = {
  exclusions: ["exclusion", "exclusions"],
  limits: ["amount limit", "amount limits"],
  pins: ["pin", "pins"],
  splits: ["split", "splits"],
  priorities: ["priority list", "priority lists"],
} as const;

interface Settings {
  weights: RoutingWeights;
  rules: Rules;
}

/** What a version changed against the one before, in a few words each. */
export function changeWords(after: Settings, before: Settings): string[] {
  const weights = (["cost", "speed", "margin"] as const).flatMap((name) =>
    after.weights[name] === before.weights[name]
      ? []
      : [`${name} ${before.weights[name]} → ${after.weights[name]}`],
  );
  const lists = (Object.keys(KINDS) as (keyof typeof KINDS)[]).flatMap((name) => {
    const texts = (rules: Rules) => rules[name].map((rule) => JSON.stringify(Object.entries(rule).sort()));
    const [now, then] = [texts(after.rules), texts(before.rules)];
    const added = now.filter((text) => !then.includes(text)).length;
    const removed = then.filter((text) => !now.includes(text)).length;
    const words = (count: number, verb: string) =>
      count === 0 ? [] : [`${count} ${KINDS[name][count === 1 ? 0 : 1]} ${verb}`];
    const isReordered = added === 0 && removed === 0 && now.join() !== then.join();
    return [
      ...words(added, "added"),
      ...words(removed, "removed"),
      ...(isReordered ? [`${KINDS[name][1]} reordered`] : []),
    ];
  });
  return [...weights, ...lists];
}

const ACTED: Partial<Record<AppliedRule["kind"], (position: number) => string>> = {
  pin: (position) => `pin ${position}`,
  split: (position) => `percentage split ${position}`,
  priority: (position) => `priority list ${position}`,
};

/** Which merchant rule put the winner first; null where the engine did. */
export function ruleLead({ rules, candidates, configVersion }: Receipt): string | null {
  const winner = candidates.find(({ rank }) => rank === 1);
  const others = candidates.filter(({ rank }) => rank !== null && rank > 1);
  if (winner === undefined || others.every(({ tier }) => tier === winner.tier)) return null;
  const rule = rules.find(
    ({ kind, isPassedOver, connectionId }) =>
      ACTED[kind] !== undefined && !isPassedOver && connectionId === winner.connectionId,
  );
  const which = rule && ACTED[rule.kind]?.(rule.position);
  return which ? `A merchant rule put ${winner.provider} first: ${which} of version ${configVersion}.` : null;
}
