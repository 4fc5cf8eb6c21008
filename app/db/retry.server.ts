import { setTimeout as sleep } from "node:timers/promises";

const MAX_TRIES = 6;

/** The SQLSTATE or Node error code of a driver's error, "" when it has none. */
export function errorCode(error: unknown): string {
  if (typeof error !== "object" || error === null || !("code" in error)) return "";
  return typeof error.code === "string" ? error.code : "";
}

/** The database rolled the work back by itself: 40001 serialisation failure, 40P01 deadlock. */
export function isRolledBack(error: unknown): boolean {
  const code = errorCode(error);
  return code === "40001" || code === "40P01";
}

/** The connection is gone or could not be made: restarts, fail-overs, killed connections. */
export function isConnectionLost(error: unknown): boolean {
  const code = errorCode(error);
  if (/^(08...|57P0[123])$/.test(code)) return true;
  if (["ECONNREFUSED", "ECONNRESET", "EPIPE", "ETIMEDOUT"].includes(code)) return true;
  // pg has no code for these.
  return (
    error instanceof Error &&
    /^(Connection terminated|Client has encountered a connection error)/.test(error.message)
  );
}

/**
 * The database cannot serve this call now, and may the next: it is gone, all of the pool's connections are taken, or
 * a statement ran out of its time (57014), as when the row that it waits for is held by a connection that went silent.
 */
export function isUnavailable(error: unknown): boolean {
  const isPoolTaken = error instanceof Error && error.message === "timeout exceeded when trying to connect";
  return isPoolTaken || errorCode(error) === "57014" || isConnectionLost(error);
}

/**
 * Runs `work` until it succeeds, at most six times, as long as `isRetryable` says so. Waits 10–320 ms
 * (doubling, with jitter) between tries after a rollback, and ten times that after a lost connection,
 * which bridges a restart of about five seconds.
 */
export async function withRetries<T>(
  work: () => Promise<T>,
  isRetryable: (error: unknown) => boolean,
): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      if (attempt >= MAX_TRIES || !isRetryable(error)) throw error;
      const base = (isConnectionLost(error) ? 100 : 10) * 2 ** (attempt - 1);
      await sleep(base * (0.5 + Math.random() / 2));
    }
  }
}

/** Rejects with `message` when `work` takes longer than `timeoutMs`. */
export async function withTimeout<T>(work: Promise<T>, timeoutMs: number, message: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(message)), timeoutMs);
  });
  try {
    return await Promise.race([work, timeout]);
  } finally {
    clearTimeout(timer);
  }
}
