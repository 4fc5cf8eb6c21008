import { createHash } from "node:crypto";
import type { PageQuery } from "~/contracts/common";
import { noRules, type RoutingSettingsInput } from "~/contracts/routing-rules";
import type { Mode } from "~/db/generated/enums";
import type { UserActor } from "~/domain/actor";
import {
  getRoutingSettings,
  listRoutingVersions,
  listRuleConnections,
} from "~/domain/routing/get-routing-settings.server";
import type { RoutingVersion } from "~/domain/routing/routing-settings.server";
import type { Services } from "~/domain/services";
import { providerName } from "~/features/providers/provider-names";
import { changeWords, type RuleSentence, ruleSentences } from "./rule-words";
import type { RulesFormFields } from "./rules-form-schema";

/** A connection that a rule may name. */
export interface ConnectionChoice {
  id: string;
  label: string;
}

export interface VersionView {
  version: number;
  /** Null for the defaults. */
  at: string | null;
  author: string | null;
  note: string | null;
  changes: string[];
  rules: RuleSentence[];
}

export interface RulesView {
  version: number;
  savedAt: string | null;
  author: string | null;
  /** The stored settings as the form has them. */
  fields: RulesFormFields;
  connections: ConnectionChoice[];
  /** Those of the connections. */
  currencies: string[];
  versions: { items: VersionView[]; page: number; limit: number; totalItems: number };
  /** `?revert=`: the version that is asked about, and what going back to it would change; null for none. */
  reverting: { version: number; changes: string[] } | null;
}

interface Scope {
  applicationId: string;
  mode: Mode;
}

/** The rules page: the current settings, and a page of their versions. */
export async function presentRules(
  actor: UserActor,
  input: Scope & { query: PageQuery; revert: number | null },
  services: Services,
): Promise<RulesView> {
  const { query, revert, ...scope } = input;
  const connections = await listRuleConnections(actor, scope, services);
  const choices = connectionChoices(connections);
  const nameOf = (id: string) =>
    choices.find((choice) => choice.id === id)?.label ?? "an archived connection";
  const current = await getRoutingSettings(actor, scope, services);
  // One more, to say what the last one on the page changed.
  const { items, totalItems } = await listRoutingVersions(actor, { ...scope, ...query }, services);
  const [earlier] =
    (items.at(-1)?.version ?? 0) > 0
      ? (
          await listRoutingVersions(
            actor,
            { ...scope, page: query.page * query.limit + 1, limit: 1 },
            services,
          )
        ).items
      : [];
  const asked =
    revert === null || revert >= current.version
      ? undefined
      : await versionOf(actor, { ...scope, version: revert }, current.version, services);
  const withEarlier = earlier === undefined ? items : [...items, earlier];
  return {
    version: current.version,
    savedAt: current.createdAt?.toISOString() ?? null,
    author: current.author?.name ?? null,
    fields: formFields(current, choices),
    connections: choices,
    currencies: [...new Set(connections.flatMap(({ currencies }) => currencies))].sort(),
    reverting: asked === undefined ? null : { version: asked.version, changes: changeWords(asked, current) },
    versions: {
      page: query.page,
      limit: query.limit,
      totalItems,
      items: items.map((item, index): VersionView => {
        const before = withEarlier[index + 1];
        return {
          version: item.version,
          at: item.createdAt?.toISOString() ?? null,
          author: item.author?.name ?? null,
          note: item.note,
          changes: before === undefined ? [] : changeWords(item, before),
          rules: ruleSentences(item.rules, nameOf),
        };
      }),
    },
  };
}

/** Versions have no gaps: how far one is from the newest says where it is in the list. */
async function versionOf(
  actor: UserActor,
  { version, ...scope }: Scope & { version: number },
  newest: number,
  services: Services,
): Promise<RoutingVersion | undefined> {
  const page = newest - version + 1;
  return (await listRoutingVersions(actor, { ...scope, page, limit: 1 }, services)).items[0];
}

/** Tells two settings apart: what is saved must be what was previewed. */
export function settingsDigest({ weights, rules }: RoutingSettingsInput): string {
  return createHash("sha256").update(JSON.stringify({ weights, rules })).digest("base64url");
}

/** Connections by the provider's name, and a part of the id where there are two of one. */
export function connectionChoices(
  connections: readonly { id: string; provider: string }[],
): ConnectionChoice[] {
  return connections.map(({ id, provider }) => {
    const isAlone = connections.filter((other) => other.provider === provider).length === 1;
    return { id, label: isAlone ? providerName(provider) : `${providerName(provider)} …${id.slice(-6)}` };
  });
}

/** Settings as texts; a split has a line for every connection. */
export function formFields(
  settings: RoutingSettingsInput & Pick<RoutingVersion, "version">,
  choices: readonly ConnectionChoice[],
): RulesFormFields {
  const { version, weights } = settings;
  const rules = { ...noRules, ...settings.rules };
  return {
    version: String(version),
    weights: {
      margin: String(weights.margin),
      cost: String(weights.cost),
      speed: String(weights.speed),
    },
    note: "",
    rules: {
      pins: rules.pins,
      splits: rules.splits.map(({ paymentMethod, currency, shares }) => ({
        paymentMethod: paymentMethod ?? "",
        currency: currency ?? "",
        shares: [
          ...choices.map(({ id }) => ({
            connectionId: id,
            percent: String(shares.find(({ connectionId }) => connectionId === id)?.percent ?? ""),
          })),
          ...shares
            .filter(({ connectionId }) => !choices.some(({ id }) => id === connectionId))
            .map(({ connectionId, percent }) => ({ connectionId, percent: String(percent) })),
        ],
      })),
      priorities: rules.priorities.map(({ paymentMethod, currency, minAmount, connectionIds }) => ({
        paymentMethod: paymentMethod ?? "",
        currency: currency ?? "",
        minAmount: minAmount ?? "",
        connectionIds,
      })),
      limits: rules.limits.map(({ connectionId, currency, min, max }) => ({
        connectionId,
        currency,
        min: min ?? "",
        max: max ?? "",
      })),
      exclusions: rules.exclusions.map(({ connectionId, paymentMethod, currency, country }) => ({
        connectionId,
        paymentMethod: paymentMethod ?? "",
        currency: currency ?? "",
        country: country ?? "",
      })),
    },
  };
}
