import { setImmediate as nextTurn } from "node:timers/promises";
import { json } from "~/db/database";
import { errorCode } from "~/db/retry.server";
import type { Services } from "~/domain/services";
import { newId } from "~/lib/ids";
import type { ApiCall, ApiLog, Caller } from "./api-log";
import { MAX_LOGGED_BODY } from "./redact-body";
import { insertLogRows, type LogRow, logRow } from "./write-api-logs.server";

export interface ApiLogOptions {
  /** How long a call waits for company; what a kill loses at the most. */
  flushEveryMs?: number;
  /** Rows of one statement. */
  batchSize?: number;
  /** Calls, and bytes of their bodies, that may wait: what comes then is dropped and counted. */
  maxWaiting?: number;
  maxBytes?: number;
}

type Whose = Pick<Caller, "merchantId" | "applicationId" | "mode">;

interface Gap extends Whose {
  firstAt: number;
  lastAt: number;
  requests: number;
}

/** Different lists that a stretch of drops may be noted for; more are counted, and not noted. */
const MAX_GAPS = 1_000;
const MAX_PAUSE_MS = 10_000;
/** Calls that are parsed and redacted before other work gets its turn. */
const SLICE = 20;
/** What a call weighs beside its bodies, roughly. */
const CALL_BYTES = 600;

/**
 * The API request log (api.md, product.md "Developers"). Calls wait in memory, bounded, and are written in batches off the request's
 * path. While the database is slow or away the batch is tried again and newer calls are dropped and counted, per
 * merchant, application and mode, so that the list says what it lacks.
 */
export function createApiLog(
  { db, log }: Pick<Services, "db" | "log">,
  {
    flushEveryMs = 500,
    batchSize = 200,
    maxWaiting = 10_000,
    maxBytes = 32 * 1024 * 1024,
  }: ApiLogOptions = {},
): ApiLog {
  let waiting: ApiCall[] = [];
  let bytes = 0;
  /** Built and not yet stored: with their ids, so that a second try writes nothing twice. */
  let batch: { rows: LogRow[]; bytes: number } | null = null;
  let gaps = new Map<string, Gap>();
  let dropped = 0;
  let failures = 0;
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> | undefined;
  let isStopped = false;

  function schedule(ms: number): void {
    if (timer !== undefined || running !== undefined || isStopped) return;
    timer = setTimeout(() => void flush(), ms);
    // The last calls are written by `stop`; a waiting log keeps no process alive.
    timer.unref();
  }

  function flush(): Promise<void> {
    clearTimeout(timer);
    timer = undefined;
    running ??= drain().finally(() => {
      running = undefined;
      if (batch !== null || waiting.length > 0 || gaps.size > 0) {
        schedule(failures === 0 ? flushEveryMs : Math.min(flushEveryMs * 2 ** failures, MAX_PAUSE_MS));
      }
    });
    return running;
  }

  async function drain(): Promise<void> {
    try {
      while (batch !== null || waiting.length > 0) {
        batch ??= await nextBatch();
        await store(batch.rows);
        bytes -= batch.bytes;
        batch = null;
      }
      await storeGaps();
      failures = 0;
    } catch (error) {
      failures++;
      // The first of a row of failures: while the database is away each further one says the same.
      if (failures === 1)
        log.warn({ err: error, waiting: waiting.length }, "the API request log cannot be written");
    }
  }

  async function nextBatch(): Promise<{ rows: LogRow[]; bytes: number }> {
    const calls = waiting.slice(0, batchSize);
    waiting = waiting.slice(batchSize);
    const rows: LogRow[] = [];
    for (const [index, call] of calls.entries()) {
      if (index % SLICE === SLICE - 1) await nextTurn();
      try {
        rows.push(logRow(call));
      } catch (error) {
        refuse(call, call.startedAt, error);
      }
    }
    return { rows, bytes: calls.reduce((sum, call) => sum + weight(call), 0) };
  }

  async function store(rows: LogRow[]): Promise<void> {
    try {
      await insertLogRows(db, rows);
    } catch (error) {
      // Class 22, a value that PostgreSQL cannot hold: the others of the batch need not suffer for it.
      if (!errorCode(error).startsWith("22")) throw error;
      for (const row of rows) {
        await insertLogRows(db, [row]).catch((cause: unknown) => {
          if (!errorCode(cause).startsWith("22")) throw cause;
          const whose = { merchantId: row.merchant_id, applicationId: row.application_id, mode: row.mode };
          refuse(whose, Date.parse(row.created_at), cause);
        });
      }
    }
  }

  async function storeGaps(): Promise<void> {
    if (gaps.size === 0) return;
    const noted = gaps;
    gaps = new Map();
    const rows = [...noted.values()].map((gap) => ({
      id: newId(),
      merchant_id: gap.merchantId,
      application_id: gap.applicationId,
      mode: gap.mode,
      first_at: new Date(gap.firstAt).toISOString(),
      last_at: new Date(gap.lastAt).toISOString(),
      requests: gap.requests,
    }));
    try {
      await db.query(
        `insert into api_request_log_gaps (id, merchant_id, application_id, mode, first_at, last_at, requests)
         select * from jsonb_to_recordset($1::jsonb) as r (id uuid, merchant_id uuid, application_id uuid, mode mode,
           first_at timestamptz, last_at timestamptz, requests int)`,
        [json(rows)],
      );
    } catch (error) {
      for (const [key, gap] of noted) note(key, gap);
      throw error;
    }
    const requests = rows.reduce((sum, row) => sum + row.requests, 0);
    log.warn({ requests, dropped }, "calls are missing from the API request log: the database was too slow");
  }

  function refuse(call: Whose, at: number, error: unknown): void {
    log.error({ err: error }, "a call cannot be written to the API request log");
    drop(call, at);
  }

  function drop(call: Whose, at: number): void {
    dropped++;
    const { merchantId, applicationId, mode } = call;
    note(`${merchantId} ${applicationId} ${mode}`, {
      ...{ merchantId, applicationId, mode },
      ...{ firstAt: at, lastAt: at, requests: 1 },
    });
  }

  function note(key: string, gap: Gap): void {
    const known = gaps.get(key);
    if (known === undefined) {
      if (gaps.size < MAX_GAPS) gaps.set(key, gap);
      return;
    }
    known.firstAt = Math.min(known.firstAt, gap.firstAt);
    known.lastAt = Math.max(known.lastAt, gap.lastAt);
    known.requests += gap.requests;
  }

  return {
    record(given) {
      if (isStopped) return;
      const call = withoutLargeBodies(given);
      const size = weight(call);
      if (waiting.length >= maxWaiting || bytes + size > maxBytes) drop(call, call.startedAt);
      else {
        waiting.push(call);
        bytes += size;
      }
      schedule(flushEveryMs);
    },
    flush,
    async stop(timeoutMs) {
      isStopped = true;
      clearTimeout(timer);
      const late = new Promise<void>((resolve) => setTimeout(resolve, timeoutMs).unref());
      // What runs may have begun before the last calls came.
      await Promise.race([Promise.resolve(running).then(flush), late]);
      const lost = waiting.length + (batch?.rows.length ?? 0);
      if (lost > 0) log.warn({ lost }, "the last calls could not be written to the API request log");
    },
    get dropped() {
      return dropped;
    },
  };
}

const weight = ({ requestBody, responseBody }: ApiCall) =>
  CALL_BYTES + (requestBody?.byteLength ?? 0) + 2 * (responseBody?.length ?? 0);

function withoutLargeBodies(call: ApiCall): ApiCall {
  const { requestBody, responseBody } = call;
  const isLarge = (length: number | undefined) => length !== undefined && length > MAX_LOGGED_BODY;
  if (!isLarge(requestBody?.byteLength) && !isLarge(responseBody?.length)) return call;
  const note = (length: number) => JSON.stringify(`[${length} bytes, not kept]`);
  return {
    ...call,
    requestBody: isLarge(requestBody?.byteLength)
      ? Buffer.from(note(requestBody?.byteLength ?? 0))
      : requestBody,
    responseBody: isLarge(responseBody?.length) ? note(responseBody?.length ?? 0) : responseBody,
  };
}
