import type { ApiLogDetailResource, ApiLogResource } from "~/contracts/api-logs";
import type { ApiRequestLog } from "~/db/generated/client";

/** A row without its bodies. */
export type ApiLogRow = Omit<ApiRequestLog, "requestBody" | "responseBody">;

/** A call as the API's list and the dashboard show it. */
export function apiLogResource(row: ApiLogRow): ApiLogResource {
  return {
    id: row.id,
    requestId: row.requestId,
    applicationId: row.applicationId,
    mode: row.mode,
    method: row.method,
    route: row.route,
    path: row.path,
    query: row.query,
    status: row.status,
    errorCode: row.errorCode,
    durationMs: row.durationMs,
    keyPrefix: row.keyPrefix,
    userId: row.userId,
    idempotencyKey: row.idempotencyKey,
    idempotencyResult: isResult(row.idempotencyResult) ? row.idempotencyResult : null,
    sessionId: row.sessionId,
    orderReference: row.orderReference,
    ip: row.ip,
    userAgent: row.userAgent,
    createdAt: row.createdAt.toISOString(),
  };
}

/** A call with its bodies. */
export function apiLogDetailResource(row: ApiRequestLog): ApiLogDetailResource {
  return { ...apiLogResource(row), requestBody: row.requestBody, responseBody: row.responseBody };
}

const isResult = (text: string | null) => text === "first" || text === "replayed" || text === "refused";
