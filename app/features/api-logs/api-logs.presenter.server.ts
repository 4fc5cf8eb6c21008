import type { ApiLogResource, ApiLogsPageQuery } from "~/contracts/api-logs";
import type { Mode } from "~/db/generated/enums";
import type { UserActor } from "~/domain/actor";
import { apiLogResource } from "~/domain/api-logs/api-log.resource";
import { getApiLog } from "~/domain/api-logs/get-api-log.server";
import { type ApiLogFilters, listApiLogs } from "~/domain/api-logs/list-api-logs.server";
import type { Services } from "~/domain/services";
import { credentialPlaceholders } from "~/features/docs/operation-view";
import { samplesOf } from "~/features/docs/samples";
import { rangeStart } from "~/features/sessions/sessions-filters";
import { isAppError } from "~/lib/errors";
import { isUuid } from "~/lib/ids";
import { addDays, startOfDay, zoneName } from "~/lib/zoned-time";

interface Option {
  value: string;
  label: string;
}

export interface ApiLogsView {
  rows: ApiLogResource[];
  page: number;
  limit: number;
  /** Exact. */
  totalItems: number;
  /** Whether anything was ever asked here, of what is kept. */
  hasAny: boolean;
  options: { routes: Option[]; keys: Option[] };
  /** Calls of the last week that are missing from the log; null when none is. */
  missing: { requests: number; firstAt: string; lastAt: string } | null;
  /** Of the days in the filter and the times in the table. */
  zone: string;
}

export interface ApiLogsInput {
  applicationId: string;
  mode: Mode;
  /** IANA name. */
  timeZone: string;
  query: ApiLogsPageQuery;
}

/** Newest calls that the routes in the filter come from. */
const ROUTES_FROM = 1_000;
const KEYS = 50;
const MISSING_MS = 7 * 24 * 60 * 60_000;

/** The API logs of one application and mode. @throws AppError FORBIDDEN. */
export async function presentApiLogs(
  actor: UserActor,
  input: ApiLogsInput,
  services: Services,
): Promise<ApiLogsView> {
  const { applicationId, mode, query, timeZone } = input;
  const now = services.clock.now();
  const { page, limit } = query;
  const scope = { applicationId, mode, merchantId: actor.merchantId };
  const [{ rows, totalItems }, routes, keys, missing] = await Promise.all([
    listApiLogs(actor, { ...filtersOf(query, timeZone, now), applicationId, mode, page, limit }, services),
    readRoutes(scope, services),
    readKeys(scope, services),
    readMissing(scope, now, services),
  ]);
  const all = query.route === undefined || routes.includes(query.route) ? routes : [query.route, ...routes];
  return {
    rows: rows.map(apiLogResource),
    page,
    limit,
    totalItems,
    hasAny: totalItems > 0 || routes.length > 0,
    options: { routes: all.map((value) => ({ value, label: value })), keys },
    missing,
    zone: zoneName(timeZone, now),
  };
}

function filtersOf(query: ApiLogsPageQuery, timeZone: string, now: Date): ApiLogFilters {
  const { status, method, route, key, q, range, from, to } = query;
  const createdFrom = from
    ? startOfDay(from, timeZone)
    : range && to === undefined
      ? rangeStart(range, now)
      : undefined;
  return {
    ...(status && { status }),
    ...(method && { method }),
    ...(route && { route }),
    ...(key && { keyPrefix: key }),
    ...(q && { q }),
    ...(createdFrom && { createdFrom }),
    ...(to && { createdTo: startOfDay(addDays(to, 1), timeZone) }),
  };
}

interface Scope {
  merchantId: string;
  applicationId: string;
  mode: Mode;
}

async function readRoutes({ merchantId, applicationId, mode }: Scope, { db }: Services): Promise<string[]> {
  const arm = (condition: string) =>
    `(select route from api_request_logs where merchant_id = $1 and application_id = $2 and ${condition}
       order by created_at desc limit ${ROUTES_FROM})`;
  const rows = await db.query<{ route: string }>(
    `select distinct route from (${arm("mode = $3::mode")} union all ${arm("mode is null")}) newest order by route`,
    [merchantId, applicationId, mode],
  );
  return rows.map(({ route }) => route);
}

async function readKeys(scope: Scope, { db }: Services): Promise<Option[]> {
  const keys = await db.prisma.apiKey.findMany({
    where: scope,
    select: { keyPrefix: true, description: true },
    orderBy: { createdAt: "desc" },
    take: KEYS,
  });
  const labels = new Map(
    keys.map(({ keyPrefix, description }) => [keyPrefix, `${keyPrefix}…, ${description}`]),
  );
  return [...labels].map(([value, label]) => ({ value, label }));
}

async function readMissing(
  { merchantId, applicationId, mode }: Scope,
  now: Date,
  { db }: Services,
): Promise<ApiLogsView["missing"]> {
  const { _sum, _min, _max } = await db.prisma.apiRequestLogGap.aggregate({
    where: {
      merchantId,
      AND: [{ OR: [{ applicationId }, { applicationId: null }] }, { OR: [{ mode }, { mode: null }] }],
      lastAt: { gte: new Date(now.getTime() - MISSING_MS) },
    },
    _sum: { requests: true },
    _min: { firstAt: true },
    _max: { lastAt: true },
  });
  if (_sum.requests === null || _min.firstAt === null || _max.lastAt === null) return null;
  return {
    requests: _sum.requests,
    firstAt: _min.firstAt.toISOString(),
    lastAt: _max.lastAt.toISOString(),
  };
}

export interface ApiLogView extends ApiLogResource {
  /** JSON with line breaks; null where there is none. */
  requestBody: string | null;
  responseBody: string | null;
  curl: string;
  /** The session that it is about, where that is one of this application's. */
  session: { id: string; mode: Mode } | null;
  /** Who, when it was a person with an access token. */
  userName: string | null;
  keyDescription: string | null;
}

/** One call with its bodies; null when this application and mode have none of that id. @throws AppError FORBIDDEN. */
export async function presentApiLog(
  actor: UserActor,
  { applicationId, mode, logId }: { applicationId: string; mode: Mode; logId: string },
  services: Services,
): Promise<ApiLogView | null> {
  if (!isUuid(logId)) return null;
  const row = await getApiLog(actor, { applicationId, logId }, services).catch((error: unknown) => {
    if (isAppError(error, "NOT_FOUND")) return null;
    throw error;
  });
  if (row === null || (row.mode !== null && row.mode !== mode)) return null;
  const { prisma } = services.db;
  const { merchantId } = actor;
  const { sessionId, apiKeyId, userId } = row;
  const [session, apiKey, user] = await Promise.all([
    sessionId === null
      ? null
      : prisma.paymentSession.findFirst({
          where: { id: sessionId, merchantId, applicationId },
          select: { id: true, mode: true },
        }),
    apiKeyId === null
      ? null
      : prisma.apiKey.findFirst({ where: { id: apiKeyId, merchantId }, select: { description: true } }),
    userId === null
      ? null
      : prisma.user.findFirst({
          where: { id: userId, memberships: { some: { merchantId } } },
          select: { firstName: true, lastName: true },
        }),
  ]);
  const pretty = (value: unknown) =>
    value === null ? null : typeof value === "string" ? value : JSON.stringify(value, null, 2);
  return {
    ...apiLogResource(row),
    requestBody: pretty(row.requestBody),
    responseBody: pretty(row.responseBody),
    curl: curlOf(row, services.config.appUrl),
    session,
    userName: user && `${user.firstName} ${user.lastName}`,
    keyDescription: apiKey?.description ?? null,
  };
}

interface Called {
  method: string;
  path: string;
  query: string | null;
  apiKeyId: string | null;
  idempotencyKey: string | null;
  requestBody: unknown;
}

/** The call once more. What was masked is masked here too. */
function curlOf(
  { method, path, query, apiKeyId, idempotencyKey, requestBody }: Called,
  origin: string,
): string {
  const credential = credentialPlaceholders[apiKeyId === null ? "accessToken" : "apiKey"];
  const hasBody = typeof requestBody === "object" && requestBody !== null;
  return samplesOf({
    method,
    url: `${origin}${path}${query === null ? "" : `?${query}`}`,
    headers: [
      ["Authorization", `Bearer ${credential}`],
      ...(hasBody ? [["Content-Type", "application/json"] as [string, string]] : []),
      ...(idempotencyKey === null ? [] : [["Idempotency-Key", idempotencyKey] as [string, string]]),
    ],
    ...(hasBody ? { body: requestBody } : {}),
  }).curl;
}
