import type { Fee } from "~/contracts/providers";
import { defaultSubscription, type SessionEventType } from "~/contracts/words";
import type { SqlExecutor } from "~/db/database";
import type { Mode } from "~/db/generated/enums";
import { encryptCredentials } from "~/domain/providers/connection-secrets.server";
import { newHealth } from "~/domain/routing/breaker";
import { feesInNumbers, type RoutingConnection } from "~/domain/routing/decide.server";
import type { Cell } from "~/domain/routing/estimate";
import type { Keyring } from "~/lib/crypto.server";
import { DAY, HOUR } from "./calendar";
import { hexBytes, insertRows, type Row } from "./loader";
import type { Random } from "./random";
import { type ConfigVersion, configVersions } from "./routing-configs";

export interface Connection extends RoutingConnection {
  /** Median of a create, in milliseconds. */
  latencyMs: number;
  /** Share of decided payments that the provider or the bank declines on a good day. */
  declineRate: number;
}

export interface Endpoint {
  id: string;
  url: string;
  events: readonly SessionEventType[];
  createdMs: number;
  /** whsec_…; nobody but this installation can know it. */
  secret: string;
  /** The demo's sick endpoint: answers 500 to most since yesterday, to everything of late. */
  isSick: boolean;
}

/** An application in one mode: what routing and webhooks are scoped to. */
export interface Scope {
  applicationId: string;
  mode: Mode;
  /** Share of all sessions. */
  share: number;
  orderPrefix: string;
  site: string;
  connections: Connection[];
  cells: Map<string, Cell>;
  endpoints: Endpoint[];
  /** Oldest first. */
  configs: [ConfigVersion, ...ConfigVersion[]];
}

interface Plan {
  name: string;
  description: string;
  mode: Mode;
  share: number;
  orderPrefix: string;
  site: string;
  endpoints: { url: string; events: readonly SessionEventType[]; daysOld: number; isSick: boolean }[];
}

const hooks = (url: string, daysOld = 90, isSick = false) => ({
  url,
  events: defaultSubscription,
  daysOld,
  isSick,
});

const plans: readonly Plan[] = [
  {
    name: "Web shop",
    description: "shop.demo-outfitters.example",
    mode: "test",
    share: 0.7,
    orderPrefix: "ORD",
    site: "https://shop.demo-outfitters.example",
    endpoints: [
      hooks("https://shop.demo-outfitters.example/hooks"),
      hooks("https://erp.demo-outfitters.example/kadosei", 12, true),
    ],
  },
  {
    name: "Web shop",
    description: "shop.demo-outfitters.example",
    mode: "live",
    share: 0.12,
    orderPrefix: "ORD",
    site: "https://shop.demo-outfitters.example",
    endpoints: [hooks("https://shop.demo-outfitters.example/hooks/live")],
  },
  {
    name: "Mobile app",
    description: "iOS and Android",
    mode: "test",
    share: 0.11,
    orderPrefix: "APP",
    site: "https://app.demo-outfitters.example",
    endpoints: [hooks("https://app.demo-outfitters.example/payments/events")],
  },
  {
    name: "Marketplace",
    description: "Second-hand gear between customers",
    mode: "test",
    share: 0.07,
    orderPrefix: "MKT",
    site: "https://market.demo-outfitters.example",
    endpoints: [],
  },
];

const fee = (currency: string, percent: string, fixed: string): Fee => ({ percent, fixed, currency });

const providers = [
  {
    provider: "stripe",
    paymentMethods: ["card"],
    latencyMs: 412,
    declineRate: 0.02,
    fees: [
      fee("AUD", "1.75", "0.3"),
      fee("USD", "2.9", "0.3"),
      fee("EUR", "1.5", "0.25"),
      fee("GBP", "1.5", "0.2"),
      fee("JPY", "3.6", "0"),
      fee("KWD", "3.5", "0.1"),
    ],
  },
  {
    provider: "kiotapay",
    paymentMethods: ["card", "mpesa_stk"],
    latencyMs: 638,
    declineRate: 0.033,
    fees: [
      fee("AUD", "1.5", "0.2"),
      fee("USD", "2.6", "0.2"),
      fee("EUR", "1.4", "0.2"),
      fee("GBP", "1.4", "0.2"),
      fee("KES", "2.9", "0"),
      fee("KWD", "3.2", "0.1"),
    ],
  },
] as const;

/**
 * The three applications with their connections, endpoints and routing configurations, made
 * `createdMs`. The live connections carry placeholders instead of credentials: nothing can be charged.
 */
export async function insertApplications(
  tx: SqlExecutor,
  owner: { merchantId: string; authorIds: Record<ConfigVersion["author"], string> },
  nowMs: number,
  createdMs: number,
  keyring: Keyring,
  random: Random,
): Promise<{ scopes: Scope[]; names: Map<string, string> }> {
  const created = new Date(createdMs);
  const stamps = { created_at: created, updated_at: created };
  const ids = new Map<string, string>();
  const rows: Record<
    "applications" | "provider_connections" | "webhook_endpoints" | "routing_configs",
    Row[]
  > = {
    applications: [],
    provider_connections: [],
    webhook_endpoints: [],
    routing_configs: [],
  };
  const scopes = plans.map((plan): Scope => {
    let applicationId = ids.get(plan.name);
    if (applicationId === undefined) {
      applicationId = random.id(createdMs);
      ids.set(plan.name, applicationId);
      const { name, description } = plan;
      rows.applications.push({
        id: applicationId,
        merchant_id: owner.merchantId,
        name,
        description,
        support_contact: `help@${new URL(plan.site).host}`,
        is_enabled: true,
        ...stamps,
      });
    }
    const of = { merchant_id: owner.merchantId, application_id: applicationId, mode: plan.mode };
    const connections = providers.map((template): Connection => {
      const connectionId = random.id(createdMs);
      const currencies = template.fees.map(({ currency }) => currency);
      const secret =
        plan.mode === "live"
          ? encryptCredentials({ secretKey: "placeholder-of-the-demo-not-a-real-key" }, connectionId, keyring)
          : null;
      rows.provider_connections.push({
        id: connectionId,
        ...of,
        provider: template.provider,
        is_active: true,
        payment_methods: template.paymentMethods,
        currencies,
        countries: [],
        fees: template.fees,
        credentials_encrypted: secret && hexBytes(secret.encrypted),
        credentials_fingerprint: secret?.fingerprint ?? null,
        ...stamps,
      });
      return {
        connectionId,
        provider: template.provider,
        isActive: true,
        hasAdapter: true,
        hasCredentials: true,
        paymentMethods: template.paymentMethods,
        currencies,
        countries: [],
        fees: feesInNumbers(template.fees),
        health: newHealth(createdMs),
        latencyMs: template.latencyMs,
        declineRate: template.declineRate,
      };
    });
    const endpoints = plan.endpoints.map(({ url, events, daysOld, isSick }): Endpoint => {
      const endpointMs = Math.max(createdMs, nowMs - daysOld * DAY - 3 * HOUR);
      const id = random.id(endpointMs);
      const secret = `whsec_${Buffer.from(keyring.derive(`demo-webhook:${id}`)).toString("base64")}`;
      rows.webhook_endpoints.push({
        id,
        ...of,
        url,
        is_active: true,
        secret_encrypted: hexBytes(keyring.encrypt(secret, id)),
        key_fingerprint: `whsec_...${secret.slice(-5, -1)}`,
        subscribed_events: events,
        created_at: new Date(endpointMs),
        updated_at: new Date(endpointMs),
      });
      return { id, url, events, createdMs: endpointMs, secret, isSick };
    });
    const configs = configVersions(
      {
        isBusiest: plan === plans[0],
        connections: new Map(connections.map(({ provider, connectionId }) => [provider, connectionId])),
      },
      createdMs,
      nowMs,
    );
    for (const { fromMs, settings, note, author } of configs) {
      rows.routing_configs.push({
        application_id: applicationId,
        mode: plan.mode,
        version: settings.version,
        merchant_id: owner.merchantId,
        margin: settings.margin,
        cost_weight: settings.costWeight,
        speed_weight: settings.speedWeight,
        rules: settings.rules,
        note,
        author_id: owner.authorIds[author],
        created_at: new Date(fromMs),
      });
    }
    const { mode, share, orderPrefix, site } = plan;
    return {
      applicationId,
      mode,
      share,
      orderPrefix,
      site,
      connections,
      cells: new Map(),
      endpoints,
      configs,
    };
  });
  for (const [table, tableRows] of Object.entries(rows)) await insertRows(tx, table, tableRows);
  return { scopes, names: new Map([...ids].map(([name, id]) => [id, name])) };
}
