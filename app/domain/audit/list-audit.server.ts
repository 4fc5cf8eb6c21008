import type { SqlValue } from "~/db/database";
import type { ActorKind } from "~/db/generated/enums";
import type { UserActor } from "~/domain/actor";
import type { Services } from "~/domain/services";
import { authorise } from "~/domain/users/permissions";
import { isUuid } from "~/lib/ids";
import { maskPersonalText } from "~/lib/redaction";
import { recordAudit } from "./record-audit.server";

export interface AuditFilters {
  who?: { kind: ActorKind; id: string | null };
  /** `api_key.created`, or a noun: `api_key`. */
  action?: string;
  targetId?: string;
  /** Included. */
  createdFrom?: Date;
  /** Not included. */
  createdTo?: Date;
  /** A request id, an address, or part of a name or action. */
  q?: string;
}

export interface AuditLine {
  id: string;
  position: bigint;
  actorKind: ActorKind;
  actorId: string | null;
  actorLabel: string;
  action: string;
  targetType: string;
  targetId: string | null;
  targetLabel: string | null;
  before: Record<string, unknown> | null;
  after: Record<string, unknown> | null;
  ip: string | null;
  userAgent: string | null;
  requestId: string | null;
  hash: Uint8Array;
  createdAt: Date;
}

const COLUMNS = `id, position, actor_kind as "actorKind", actor_id as "actorId", actor_label as "actorLabel", action,
  target_type as "targetType", target_id as "targetId", target_label as "targetLabel", before, after, ip,
  user_agent as "userAgent", request_id as "requestId", hash, created_at as "createdAt"`;

type Scope = AuditFilters & { merchantId: string };

/** One page of a merchant's audit log, newest first, with the exact total of the same moment. @throws AppError FORBIDDEN. */
export async function listAudit(
  actor: UserActor,
  input: AuditFilters & { page: number; limit: number },
  { db }: Pick<Services, "db">,
): Promise<{ lines: AuditLine[]; totalItems: number }> {
  authorise(actor, "audit.read");
  const { text, values } = conditionsOf({ ...input, merchantId: actor.merchantId });
  const [[count], lines] = await Promise.all([
    db.query<{ total: bigint }>(`select count(*) as total from audit_logs where ${text}`, values),
    db.query<AuditLine>(
      `select ${COLUMNS} from audit_logs where ${text} order by position desc
        limit $${values.length + 1}::int8 offset $${values.length + 2}::int8`,
      [...values, input.limit, (input.page - 1) * input.limit],
    ),
  ]);
  return { lines, totalItems: Number(count?.total ?? 0n) };
}

/** One line of the merchant's log; null when it has none of that id. @throws AppError FORBIDDEN. */
export async function getAuditLine(
  actor: UserActor,
  lineId: string,
  { db }: Pick<Services, "db">,
): Promise<AuditLine | null> {
  authorise(actor, "audit.read");
  if (!isUuid(lineId)) return null;
  const [line] = await db.query<AuditLine>(
    `select ${COLUMNS} from audit_logs where id = $1 and merchant_id = $2`,
    [lineId, actor.merchantId],
  );
  return line ?? null;
}

const EXPORT_BATCH = 1_000;

/**
 * The lines that the filters leave, newest first, in batches as they are read. That somebody took them is a line
 * of the log itself.
 * @throws AppError FORBIDDEN.
 */
export async function exportAudit(
  actor: UserActor,
  input: { filters: AuditFilters; format: string },
  services: Services,
): Promise<AsyncGenerator<AuditLine[]>> {
  authorise(actor, "audit.export");
  const { q, ...filters } = input.filters;
  await recordAudit(
    services.db,
    actor,
    {
      action: "audit_log.exported",
      targetType: "audit_log",
      after: {
        format: input.format,
        filters: { ...filters, ...(q === undefined ? {} : { q: maskPersonalText(q) }) },
      },
      merchantId: actor.merchantId,
    },
    services.clock.now(),
  );
  return walk({ ...input.filters, merchantId: actor.merchantId }, services);
}

async function* walk(scope: Scope, { db }: Pick<Services, "db">): AsyncGenerator<AuditLine[]> {
  const { text, values } = conditionsOf(scope);
  let below: bigint | null = null;
  for (;;) {
    const lines: AuditLine[] = await db.query<AuditLine>(
      `select ${COLUMNS} from audit_logs
        where ${text} and ($${values.length + 1}::int8 is null or position < $${values.length + 1}::int8)
        order by position desc limit ${EXPORT_BATCH}`,
      [...values, below],
    );
    const last = lines.at(-1);
    if (last === undefined) return;
    yield lines;
    below = last.position;
  }
}

function conditionsOf(scope: Scope): { text: string; values: SqlValue[] } {
  const values: SqlValue[] = [];
  const add = (value: SqlValue, type: string) => {
    values.push(value);
    return `$${values.length}::${type}`;
  };
  const conditions = [`merchant_id = ${add(scope.merchantId, "uuid")}`];
  const { who, action, targetId, createdFrom, createdTo, q } = scope;
  if (who) {
    conditions.push(`actor_kind = ${add(who.kind, "actor_kind")}`);
    if (who.id !== null) conditions.push(`actor_id = ${add(who.id, "uuid")}`);
  }
  if (action) {
    conditions.push(
      action.includes(".")
        ? `action = ${add(action, "text")}`
        : `starts_with(action, ${add(`${action}.`, "text")})`,
    );
  }
  if (targetId) conditions.push(`target_id = ${add(targetId, "text")}`);
  if (createdFrom) conditions.push(`created_at >= ${add(createdFrom, "timestamptz")}`);
  if (createdTo) conditions.push(`created_at < ${add(createdTo, "timestamptz")}`);
  if (q !== undefined && q.trim() !== "") {
    const exact = add(q.trim(), "text");
    // Not LIKE: what is searched for may hold its signs.
    const part = `lower(${exact})`;
    conditions.push(
      `(request_id = ${exact} or ip = ${exact} or target_id = ${exact} or id::text = ${exact}
        or strpos(lower(actor_label), ${part}) > 0 or strpos(lower(coalesce(target_label, '')), ${part}) > 0
        or strpos(replace(replace(action, '.', ' '), '_', ' '), ${part}) > 0 or strpos(action, ${part}) > 0)`,
    );
  }
  return { text: conditions.join(" and "), values };
}
