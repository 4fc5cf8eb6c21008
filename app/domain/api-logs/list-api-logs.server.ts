import type { SqlValue } from "~/db/database";
import type { Mode } from "~/db/generated/enums";
import type { UserActor } from "~/domain/actor";
import { findApplication } from "~/domain/applications/find-application.server";
import type { Services } from "~/domain/services";
import { authorise } from "~/domain/users/permissions";
import { isUuid } from "~/lib/ids";
import type { ApiLogRow } from "./api-log.resource";

export interface ApiLogFilters {
  status?: "2xx" | "4xx" | "5xx";
  method?: string;
  /** The pattern of the path. */
  route?: string;
  keyPrefix?: string;
  /** Included. */
  createdFrom?: Date;
  /** Not included. */
  createdTo?: Date;
  /** A request id, session id, order reference, idempotency key, key prefix, status or the start of a path. */
  q?: string;
}

export interface ApiLogPage {
  rows: ApiLogRow[];
  /** Exact, and of the same moment as the rows. */
  totalItems: number;
}

const COLUMNS = `l.id, l.merchant_id as "merchantId", l.application_id as "applicationId", l.mode, l.api_key_id as "apiKeyId",
  l.key_prefix as "keyPrefix", l.user_id as "userId", l.request_id as "requestId", l.method, l.route, l.path, l.query,
  l.status, l.error_code as "errorCode", l.duration_ms as "durationMs", l.idempotency_key as "idempotencyKey",
  l.idempotency_result as "idempotencyResult", l.ip, l.user_agent as "userAgent", l.session_id as "sessionId",
  l.order_reference as "orderReference", l.created_at as "createdAt"`;

/**
 * One page of an application's API calls, newest first. `mode` gives the calls with that mode's keys and those with
 * access tokens, which have none: each an ordered arm of its own, so that a page reads its rows and not all of them.
 * @throws AppError FORBIDDEN, NOT_FOUND.
 */
export async function listApiLogs(
  actor: UserActor,
  input: ApiLogFilters & { applicationId: string; mode?: Mode; page: number; limit: number },
  services: Services,
): Promise<ApiLogPage> {
  authorise(actor, "api_logs.read");
  await findApplication(actor, { applicationId: input.applicationId, includeArchived: true }, services);
  const values: SqlValue[] = [];
  const add = (value: SqlValue, type: string) => {
    values.push(value);
    return `$${values.length}::${type}`;
  };
  const scope = `merchant_id = ${add(actor.merchantId, "uuid")} and application_id = ${add(input.applicationId, "uuid")}`;
  const conditions = [scope, ...conditionsOf(input, add)].join(" and ");
  const modes: Mode[] = input.mode ? [input.mode] : ["test", "live"];
  const arms = ["mode is null", ...modes.map((mode) => `mode = ${add(mode, "mode")}`)];
  const limit = add(input.limit, "int8");
  const offset = add((input.page - 1) * input.limit, "int8");
  const order = "order by created_at desc, id desc";
  const rows = await services.db.query<ApiLogRow & { id: string | null; total: bigint }>(
    `with total as (select (${arms
      .map((arm) => `(select count(*) from api_request_logs where ${conditions} and ${arm})`)
      .join(" + ")})::int8 as total),
    page as (
      select id, created_at from (${arms
        .map((arm) => `(select id, created_at from api_request_logs where ${conditions} and ${arm} ${order})`)
        .join(" union all ")}) arm
      ${order} limit ${limit} offset ${offset}
    )
    select total.total, ${COLUMNS}
    from total left join page on true left join api_request_logs l on l.id = page.id
    order by page.created_at desc, page.id desc`,
    values,
  );
  return {
    rows: rows.filter((row) => row.id !== null).map(({ total: _, ...row }) => row),
    totalItems: Number(rows[0]?.total ?? 0n),
  };
}

type Add = (value: SqlValue, type: string) => string;

function conditionsOf(filters: ApiLogFilters, add: Add): string[] {
  const conditions: string[] = [];
  if (filters.status) {
    const from = Number(filters.status[0]) * 100;
    conditions.push(`status >= ${add(from, "int")} and status < ${add(from + 100, "int")}`);
  }
  if (filters.method) conditions.push(`method = ${add(filters.method, "text")}`);
  if (filters.route) conditions.push(`route = ${add(filters.route, "text")}`);
  if (filters.keyPrefix) conditions.push(`key_prefix = ${add(filters.keyPrefix, "text")}`);
  if (filters.createdFrom) conditions.push(`created_at >= ${add(filters.createdFrom, "timestamptz")}`);
  if (filters.createdTo) conditions.push(`created_at < ${add(filters.createdTo, "timestamptz")}`);
  if (filters.q !== undefined) conditions.push(identified(filters.q.trim(), add));
  return conditions;
}

/** What a text can mean decides where it is looked for, so that most searches have an index. */
function identified(q: string, add: Add): string {
  // As a line of the list is copied: "POST /api/v1/sessions".
  const path = /^(?:[A-Z]+ +)?(\/.*)$/s.exec(q)?.[1];
  if (path !== undefined) return `starts_with(path, ${add(path, "text")})`;
  // A whole key that was pasted: only its prefix is stored.
  if (/^ks_(live|test)_/.test(q)) return `key_prefix = ${add(q.slice(0, 12), "text")}`;
  const exact = add(q, "text");
  const arms = [`request_id = ${exact}`, `idempotency_key = ${exact}`, `order_reference = ${exact}`];
  if (isUuid(q)) arms.push(`session_id = ${add(q, "uuid")}`, `id = ${add(q, "uuid")}`);
  if (/^[1-5]\d\d$/.test(q)) arms.push(`status = ${add(Number(q), "int")}`);
  return `(${arms.join(" or ")})`;
}
