import type { SqlExecutor } from "~/db/database";
import { randomToken, sha256 } from "~/lib/crypto.server";
import type { ApiKey } from "./api-keys";
import type { Scope } from "./applications";
import { MINUTE } from "./calendar";
import { hexBytes, insertRows, type Row } from "./loader";
import type { People, Person } from "./people";
import type { Random } from "./random";

interface Entry {
  atMs: number;
  by: Person | null;
  action: string;
  targetType: string;
  targetId: string;
  targetLabel: string;
  before?: object;
  after?: object;
}

/** The audit log of the set-up, in the words of the commands that would have written it, oldest first. */
export async function insertAuditLog(
  tx: SqlExecutor,
  merchantId: string,
  made: {
    people: People;
    scopes: readonly Scope[];
    names: ReadonlyMap<string, string>;
    apiKeys: readonly ApiKey[];
    invitations: readonly SeededInvitation[];
    createdMs: number;
    nowMs: number;
  },
  random: Random,
): Promise<void> {
  const { people, scopes, names, apiKeys, invitations, createdMs, nowMs } = made;
  const iso = (ms: number | null) => (ms === null ? null : new Date(ms).toISOString());
  const entries: Entry[] = [
    {
      atMs: createdMs,
      by: null,
      action: "merchant.created",
      targetType: "merchant",
      targetId: merchantId,
      targetLabel: "Demo Outfitters",
    },
  ];
  for (const [person, role] of [
    [people.owner, "owner"],
    [people.developer, "developer"],
    [people.support, "support"],
  ] as const) {
    entries.push({
      atMs: createdMs + MINUTE,
      by: null,
      action: "user.created",
      targetType: "user",
      targetId: person.id,
      targetLabel: person.email,
      after: { role },
    });
  }
  for (const [id, name] of names) {
    entries.push({
      atMs: createdMs + 5 * MINUTE,
      by: people.owner,
      action: "application.created",
      targetType: "application",
      targetId: id,
      targetLabel: name,
      after: { name },
    });
  }
  for (const { mode, connections, endpoints } of scopes) {
    for (const connection of mode === "live" ? connections : []) {
      entries.push({
        atMs: createdMs + 20 * MINUTE,
        by: people.owner,
        action: "provider_connection.created",
        targetType: "provider_connection",
        targetId: connection.connectionId,
        targetLabel: connection.provider,
        after: {
          mode,
          isActive: true,
          paymentMethods: connection.paymentMethods,
          currencies: connection.currencies,
        },
      });
    }
    for (const endpoint of endpoints) {
      entries.push({
        atMs: endpoint.createdMs + 30 * MINUTE,
        by: people.developer,
        action: "webhook_endpoint.created",
        targetType: "webhook_endpoint",
        targetId: endpoint.id,
        targetLabel: endpoint.url,
        after: { url: endpoint.url, mode, subscribedEvents: endpoint.events },
      });
    }
  }
  for (const { applicationId, mode, configs } of scopes) {
    for (const [index, { fromMs, settings, author }] of configs.entries()) {
      const before = configs[index - 1]?.settings;
      const { margin, costWeight: cost, speedWeight: speed, rules } = settings;
      entries.push({
        atMs: Math.max(fromMs, createdMs + 30 * MINUTE),
        by: people[author],
        action: "routing_settings.saved",
        targetType: "application",
        targetId: applicationId,
        targetLabel: names.get(applicationId) ?? "",
        ...(before === undefined
          ? {}
          : {
              before: {
                mode,
                version: before.version,
                weights: { margin: before.margin, cost: before.costWeight, speed: before.speedWeight },
              },
            }),
        after: { mode, version: settings.version, weights: { margin, cost, speed }, ...rules },
      });
    }
  }
  for (const key of apiKeys) {
    const target = { targetType: "api_key", targetId: key.id, targetLabel: key.prefix };
    const { description } = key;
    entries.push({
      atMs: key.createdMs,
      by: people.developer,
      action: "api_key.created",
      ...target,
      after: {
        description,
        mode: key.scope.mode,
        expiresAt: iso(key.rolledTo === null ? key.expiresMs : null),
      },
    });
    if (key.rolledTo !== null && key.rolledMs !== null) {
      entries.push({
        atMs: key.rolledMs,
        by: people.developer,
        action: "api_key.rolled",
        ...target,
        after: { expiresAt: iso(key.expiresMs), replacedBy: key.rolledTo.prefix },
      });
    }
    if (key.revokedMs !== null) {
      const after = { description, lastUsedAt: iso(key.lastUsedMs) };
      entries.push({ atMs: key.revokedMs, by: people.owner, action: "api_key.revoked", ...target, after });
    }
  }
  for (const [person, hoursAgo] of [
    [people.developer, 26],
    [people.support, 3],
    [people.owner, 1],
  ] as const) {
    entries.push({
      atMs: nowMs - hoursAgo * 60 * MINUTE,
      by: person,
      action: "user.signed_in",
      targetType: "user",
      targetId: person.id,
      targetLabel: `${person.firstName} ${person.lastName}`,
      after: { through: "dashboard" },
    });
  }
  for (const { id, email, role, sentMs } of invitations) {
    entries.push({
      atMs: sentMs,
      by: people.owner,
      action: "invitation.created",
      targetType: "invitation",
      targetId: id,
      targetLabel: email,
      after: { email, role, expiresAt: iso(sentMs + 2 * 60 * MINUTE) },
    });
  }
  entries.sort((a, b) => a.atMs - b.atMs);
  await insertRows(
    tx,
    "audit_logs",
    entries.map(
      (entry): Row => ({
        id: random.id(entry.atMs),
        merchant_id: merchantId,
        actor_kind: entry.by === null ? "system" : "user",
        actor_id: entry.by?.id ?? null,
        actor_label: entry.by === null ? "Kadosei" : `${entry.by.firstName} ${entry.by.lastName}`,
        action: entry.action,
        target_type: entry.targetType,
        target_id: entry.targetId,
        target_label: entry.targetLabel,
        before: entry.before ?? null,
        after: entry.after ?? null,
        ip: entry.by === null ? null : "203.0.113.5",
        created_at: new Date(entry.atMs),
      }),
    ),
  );
}

interface SeededInvitation {
  id: string;
  email: string;
  role: "admin" | "viewer";
  sentMs: number;
}

/** One whose link still works for a while, and one that came too late. Nobody has the links. */
export async function insertInvitations(
  tx: SqlExecutor,
  merchantId: string,
  { owner }: People,
  nowMs: number,
  random: Random,
): Promise<SeededInvitation[]> {
  const invitations: SeededInvitation[] = [
    { email: "yuki@demo.kadosei.test", role: "admin" as const, sentMs: nowMs - 25 * MINUTE },
    { email: "accounts@demo.kadosei.test", role: "viewer" as const, sentMs: nowMs - 3 * 24 * 60 * MINUTE },
  ].map((one) => ({ id: random.id(one.sentMs), ...one }));
  await insertRows(
    tx,
    "invitations",
    invitations.map(({ id, email, role, sentMs }) => ({
      id,
      merchant_id: merchantId,
      email,
      role,
      token_hash: hexBytes(sha256(randomToken())),
      expires_at: new Date(sentMs + 2 * 60 * MINUTE),
      invited_by_id: owner.id,
      created_at: new Date(sentMs),
    })),
  );
  return invitations;
}

/** What the team would have been told: a key that soon stops working. */
export async function insertNotices(
  tx: SqlExecutor,
  merchantId: string,
  apiKeys: readonly ApiKey[],
  nowMs: number,
  random: Random,
): Promise<void> {
  const soonMs = nowMs + 7 * 24 * 60 * MINUTE;
  const expiring = apiKeys.filter(
    (key) =>
      key.expiresMs !== null && key.expiresMs > nowMs && key.expiresMs < soonMs && key.rolledTo === null,
  );
  await insertRows(
    tx,
    "notices",
    expiring.map((key) => ({
      id: random.id(nowMs),
      merchant_id: merchantId,
      kind: "key_expiring",
      title: "An API key expires soon",
      body: `${key.prefix}… “${key.description}” stops working on ${new Date(key.expiresMs ?? 0).toISOString().slice(0, 10)}.`,
      url: `/apps/${key.scope.applicationId}/${key.scope.mode}/api-keys`,
      dedupe_key: `key_expiring:${key.id}`,
      created_at: new Date(nowMs - 3 * MINUTE),
    })),
  );
}
