import { noRules, type Rules } from "~/contracts/routing-rules";
import type { RoutingSettings } from "~/domain/routing/decide.server";
import { DAY, HOUR } from "./calendar";

/** One version of routing settings, and when it was saved. */
export interface ConfigVersion {
  fromMs: number;
  settings: RoutingSettings & { rules: Rules };
  note: string;
  author: "owner" | "developer";
}

const weights = { margin: 1, costWeight: 1, speedWeight: 1 };

/**
 * The versions of a scope's routing settings, oldest first. The busiest one was changed twice: fees count for
 * more since six weeks, and it has rules since twelve days.
 */
export function configVersions(
  scope: { isBusiest: boolean; connections: ReadonlyMap<string, string> },
  createdMs: number,
  nowMs: number,
): [ConfigVersion, ...ConfigVersion[]] {
  const first: ConfigVersion = {
    fromMs: createdMs,
    settings: { version: 1, ...weights, rules: noRules },
    note: "First configuration",
    author: "owner",
  };
  const stripe = scope.connections.get("stripe");
  const kiotapay = scope.connections.get("kiotapay");
  if (!scope.isBusiest || stripe === undefined || kiotapay === undefined) return [first];
  const cheaper = { ...weights, costWeight: 1.8 };
  const rules: Rules = {
    pins: [],
    splits: [
      {
        paymentMethod: "card",
        currency: "EUR",
        shares: [
          { connectionId: stripe, percent: 70 },
          { connectionId: kiotapay, percent: 30 },
        ],
      },
    ],
    priorities: [
      { paymentMethod: "card", currency: "USD", minAmount: "100", connectionIds: [stripe, kiotapay] },
    ],
    limits: [{ connectionId: kiotapay, currency: "AUD", min: null, max: "300" }],
    exclusions: [{ connectionId: kiotapay, paymentMethod: "card", currency: null, country: "GB" }],
  };
  return [
    first,
    {
      fromMs: nowMs - 41 * DAY - 5 * HOUR,
      settings: { version: 2, ...cheaper, rules: noRules },
      note: "Fees matter more: margins are thin this season",
      author: "developer",
    },
    {
      fromMs: nowMs - 12 * DAY - 2 * HOUR,
      settings: { version: 3, ...cheaper, rules },
      note: "Large US orders to Stripe first, EUR split for the renegotiation",
      author: "owner",
    },
  ];
}

/** The settings that counted at a moment. */
export function settingsAt(
  configs: readonly [ConfigVersion, ...ConfigVersion[]],
  atMs: number,
): RoutingSettings {
  return (configs.findLast(({ fromMs }) => fromMs <= atMs) ?? configs[0]).settings;
}
