import { json, type SqlExecutor } from "~/db/database";
import type { ActorKind } from "~/db/generated/enums";
import type { ActingRole, ApiKeyActor, Origin, SystemActor, UserActor } from "~/domain/actor";
import { newId } from "~/lib/ids";
import { auditValues } from "./audit-values";

/** As much of an actor as the log keeps. A user may be in no merchant: Kadosei's staff. A visitor is nobody known. */
export type AuditActor =
  | (Origin & Pick<UserActor, "kind" | "userId" | "label"> & { role?: ActingRole })
  | (Origin & Pick<ApiKeyActor, "kind" | "apiKeyId" | "keyPrefix">)
  | SystemActor
  | (Origin & { kind: "visitor"; label: string });

export interface AuditEntry {
  /** noun.verb, past tense: `api_key.created`. */
  action: string;
  /** The noun: `api_key`. */
  targetType: string;
  targetId?: string | null;
  /** As it reads now: names change. */
  targetLabel?: string | null;
  /** Only what changed. Secrets are masked on the way; a customer's own data has no place here: a line is for ever. */
  before?: Record<string, unknown>;
  after?: Record<string, unknown>;
  /** Of whose audit log; null is Kadosei's own. */
  merchantId: string | null;
}

/**
 * Writes one line of the audit log in the caller's transaction: it exists if and only if the change commits. It
 * takes its place in the merchant's chain, which is held until the transaction ends: write it last
 * (docs/decisions/013). `now` is the moment of the change.
 */
export async function recordAudit(
  tx: SqlExecutor,
  actor: AuditActor,
  entry: AuditEntry,
  now: Date,
): Promise<void> {
  const { kind, id, label } = identityOf(actor);
  await tx.query(
    `INSERT INTO audit_logs (id, merchant_id, actor_kind, actor_id, actor_label, action, target_type, target_id,
       target_label, before, after, ip, user_agent, request_id, created_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)`,
    [
      newId(),
      entry.merchantId,
      kind,
      id,
      label,
      entry.action,
      entry.targetType,
      entry.targetId ?? null,
      entry.targetLabel ?? null,
      entry.before === undefined ? null : json(auditValues(entry.before)),
      entry.after === undefined ? null : json(auditValues(entry.after)),
      actor.ip,
      actor.userAgent,
      actor.requestId,
      now,
    ],
  );
}

function identityOf(actor: AuditActor): { kind: ActorKind; id: string | null; label: string } {
  switch (actor.kind) {
    case "user":
      return actor.role === "staff"
        ? { kind: "staff", id: actor.userId, label: `${actor.label} (Kadosei support)` }
        : { kind: "user", id: actor.userId, label: actor.label };
    case "api_key":
      return { kind: "api_key", id: actor.apiKeyId, label: `API key ${actor.keyPrefix}…` };
    case "system":
      return { kind: "system", id: null, label: "Kadosei" };
    case "visitor":
      return { kind: "system", id: null, label: actor.label };
  }
}

/**
 * The members of `before` and `after` that differ, for an entry of a change; null when none does.
 * Values are compared as JSON.
 */
export function changesOf<Fields extends Record<string, unknown>>(
  before: Fields,
  after: Fields,
): { before: Record<string, unknown>; after: Record<string, unknown> } | null {
  const names = Object.keys(after).filter(
    (name) => JSON.stringify(before[name]) !== JSON.stringify(after[name]),
  );
  if (names.length === 0) return null;
  const pick = (fields: Fields) => Object.fromEntries(names.map((name) => [name, fields[name] ?? null]));
  return { before: pick(before), after: pick(after) };
}
