import type { AuditLogPageQuery } from "~/contracts/audit-log";
import type { ActorKind } from "~/db/generated/enums";
import type { UserActor } from "~/domain/actor";
import { type AuditFilters, type AuditLine, getAuditLine, listAudit } from "~/domain/audit/list-audit.server";
import type { Services } from "~/domain/services";
import { isAllowed } from "~/domain/users/permissions";
import { rangeStart } from "~/features/sessions/sessions-filters";
import { isUuid } from "~/lib/ids";
import { addDays, startOfDay, zoneName } from "~/lib/zoned-time";
import { actionWords, type Difference, differencesOf } from "./audit-words";

interface Option {
  value: string;
  label: string;
}

export interface AuditRow {
  id: string;
  actorKind: ActorKind;
  actorLabel: string;
  action: string;
  targetType: string;
  targetLabel: string | null;
  ip: string | null;
  createdAt: string;
}

export interface AuditLogView {
  rows: AuditRow[];
  page: number;
  limit: number;
  /** Exact. */
  totalItems: number;
  options: { who: Option[]; actions: Option[] };
  /** Of the days in the filter and the times in the table. */
  zone: string;
  mayExport: boolean;
}

export interface AuditLineView extends AuditRow {
  targetId: string | null;
  differences: Difference[];
  userAgent: string | null;
  requestId: string | null;
  /** Place in the merchant's chain. */
  position: number;
  /** Hex. */
  hash: string;
}

/** Newest lines that the filters' choices come from. */
const CHOICES_FROM = 5_000;

/** The merchant's audit log, newest first. @throws AppError FORBIDDEN. */
export async function presentAuditLog(
  actor: UserActor,
  input: { query: AuditLogPageQuery; timeZone: string },
  services: Services,
): Promise<AuditLogView> {
  const { query, timeZone } = input;
  const now = services.clock.now();
  const { page, limit } = query;
  const [{ lines, totalItems }, options] = await Promise.all([
    listAudit(actor, { ...auditFiltersOf(query, timeZone, now), page, limit }, services),
    readOptions(actor, services),
  ]);
  return {
    rows: lines.map(toRow),
    page,
    limit,
    totalItems,
    options,
    zone: zoneName(timeZone, now),
    mayExport: isAllowed(actor.role, "audit.export"),
  };
}

/** One line with what changed; null when the merchant has none of that id. @throws AppError FORBIDDEN. */
export async function presentAuditLine(
  actor: UserActor,
  lineId: string,
  services: Services,
): Promise<AuditLineView | null> {
  const line = await getAuditLine(actor, lineId, services);
  if (line === null) return null;
  return {
    ...toRow(line),
    targetId: line.targetId,
    differences: differencesOf(line.before, line.after),
    userAgent: line.userAgent,
    requestId: line.requestId,
    position: Number(line.position),
    hash: Buffer.from(line.hash).toString("hex"),
  };
}

/** The page's search parameters as the log's filters. Days count in `timeZone`, `to` included. */
export function auditFiltersOf(query: AuditLogPageQuery, timeZone: string, now: Date): AuditFilters {
  const { who, action, object, q, range, from, to } = query;
  const [kind, id = ""] = who?.split(":") ?? [];
  const createdFrom = from
    ? startOfDay(from, timeZone)
    : range && to === undefined
      ? rangeStart(range, now)
      : undefined;
  return {
    ...(kind && { who: { kind: kind as ActorKind, id: isUuid(id) ? id : null } }),
    ...(action && { action }),
    ...(object && { targetId: object }),
    ...(q && { q }),
    ...(createdFrom && { createdFrom }),
    ...(to && { createdTo: startOfDay(addDays(to, 1), timeZone) }),
  };
}

function toRow(line: AuditLine): AuditRow {
  const { id, actorKind, actorLabel, action, targetType, targetLabel, ip } = line;
  return {
    id,
    actorKind,
    actorLabel,
    action,
    targetType,
    targetLabel,
    ip,
    createdAt: line.createdAt.toISOString(),
  };
}

async function readOptions(
  { merchantId }: UserActor,
  { db }: Pick<Services, "db">,
): Promise<AuditLogView["options"]> {
  const newest = `(select actor_kind, actor_id, actor_label, action from audit_logs where merchant_id = $1
    order by position desc limit ${CHOICES_FROM}) newest`;
  const [actors, actions] = await Promise.all([
    db.query<{ kind: ActorKind; id: string | null; label: string }>(
      `select actor_kind as kind, actor_id as id, max(actor_label) as label from ${newest}
        group by actor_kind, actor_id order by actor_kind, label limit 100`,
      [merchantId],
    ),
    db.query<{ action: string }>(`select distinct action from ${newest} order by action`, [merchantId]),
  ]);
  return {
    who: actors.map(({ kind, id, label }) => ({ value: `${kind}:${id ?? ""}`, label })),
    actions: actions.map(({ action }) => ({ value: action, label: actionWords(action) })),
  };
}
