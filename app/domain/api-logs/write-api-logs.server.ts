import { json, type SqlExecutor } from "~/db/database";
import { isUuid, newId } from "~/lib/ids";
import { maskText } from "~/lib/redaction";
import { storable } from "~/lib/storable-text";
import type { ApiCall } from "./api-log";
import { redactBody, redactQuery } from "./redact-body";

/** A row of api_request_logs; `size` is what its bodies weigh in memory. */
export type LogRow = ReturnType<typeof logRow>;

const INSERT = `insert into api_request_logs (id, merchant_id, application_id, mode, api_key_id, key_prefix, user_id,
    request_id, method, route, path, query, status, error_code, duration_ms, idempotency_key, idempotency_result,
    ip, user_agent, session_id, order_reference, request_body, response_body, created_at)
  select id, merchant_id, application_id, mode, api_key_id, key_prefix, user_id,
    request_id, method, route, path, query, status, error_code, duration_ms, idempotency_key, idempotency_result,
    ip, user_agent, session_id, order_reference, request_body, response_body, created_at
  from json_to_recordset($1::json) as r (id uuid, merchant_id uuid, application_id uuid, mode mode,
    api_key_id uuid, key_prefix text, user_id uuid, request_id text, method text, route text, path text, query text,
    status int, error_code text, duration_ms int, idempotency_key text, idempotency_result text, ip text,
    user_agent text, session_id uuid, order_reference text, request_body json, response_body json,
    created_at timestamptz)
  on conflict (id) do nothing`;

/** Writes rows in one statement; those that are there already stay as they are. */
export async function insertLogRows(db: SqlExecutor, rows: readonly LogRow[]): Promise<void> {
  await db.query(INSERT, [json(rows)], { prepare: true });
}

/** A call as a row: parsed, redacted, and with what it can be found by. */
export function logRow(call: ApiCall) {
  const url = new URL(call.url);
  const request = bodyOf(call.requestBody === null ? null : Buffer.from(call.requestBody).toString("utf8"));
  const response = bodyOf(call.responseBody);
  const errorCode = call.status >= 400 ? textMember(response.parsed, "code") : null;
  return {
    id: newId(),
    merchant_id: call.merchantId,
    application_id: uuidOrNull(call.applicationId),
    mode: call.mode,
    api_key_id: call.apiKeyId,
    key_prefix: call.keyPrefix,
    user_id: call.userId,
    request_id: maskText(call.requestId),
    method: call.method,
    route: call.route,
    path: clean(url.pathname),
    query: redactQuery(url.search),
    status: call.status,
    error_code: errorCode,
    duration_ms: Math.round(call.durationMs),
    idempotency_key: call.idempotencyKey === null ? null : clean(call.idempotencyKey),
    idempotency_result: idempotencyResult(call, errorCode),
    ip: call.ip,
    user_agent: call.userAgent === null ? null : clean(call.userAgent),
    session_id: sessionOf(call, response.parsed),
    order_reference: orderOf(request.parsed),
    request_body: request.value,
    response_body: response.value,
    created_at: new Date(call.startedAt).toISOString(),
  };
}

const clean = (text: string) => storable(maskText(text).slice(0, 2_000));
const uuidOrNull = (text: string | null) => (text !== null && isUuid(text) ? text : null);

function bodyOf(text: string | null): { value: unknown; parsed: unknown } {
  return text === null || text === "" ? { value: null, parsed: undefined } : redactBody(text);
}

function textMember(value: unknown, name: string): string | null {
  if (typeof value !== "object" || value === null) return null;
  const member = (value as Record<string, unknown>)[name];
  return typeof member === "string" && member !== "" ? member : null;
}

/** api.md §5.2: what never began (400, 401, 429, no provider) is not stored, so it is neither first nor refused. */
function idempotencyResult(call: ApiCall, errorCode: string | null): "first" | "replayed" | "refused" | null {
  if (call.idempotencyKey === null) return null;
  if (call.isReplay) return "replayed";
  if (errorCode === "IDEMPOTENCY_KEY_MISMATCH" || errorCode === "IDEMPOTENCY_KEY_IN_USE") return "refused";
  return call.status < 400 || errorCode === "ALL_PROVIDERS_FAILED" ? "first" : null;
}

function sessionOf(call: ApiCall, response: unknown): string | null {
  const made =
    call.method === "POST" && call.route.endsWith("/checkout-sessions") ? textMember(response, "id") : null;
  return uuidOrNull(call.sessionId) ?? uuidOrNull(textMember(response, "sessionId")) ?? uuidOrNull(made);
}

function orderOf(request: unknown): string | null {
  const order = textMember(request, "orderReference") ?? textMember(request, "externalReference");
  return order === null ? null : clean(order.trim()).slice(0, 255);
}
