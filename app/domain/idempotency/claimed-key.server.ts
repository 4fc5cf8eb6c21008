import type { SqlExecutor } from "~/db/database";
import { json } from "~/db/database";
import type { Mode, RecoveryPoint } from "~/db/generated/enums";
import { AppError } from "~/lib/errors";
import { type BodyFingerprint, differingPointers } from "./canonical-body.server";

/** How long a claim is its owner's alone. Longer than any create can take: CREATE_DEADLINE_MS is 20 s at the most. */
export const LEASE_MS = 30_000;
/** How long a key is kept (api.md §5.2). */
export const KEEP_MS = 24 * 60 * 60_000;

export interface KeyScope {
  applicationId: string;
  mode: Mode;
  key: string;
}

/** What is answered, byte for byte. */
export interface StoredResponse {
  status: number;
  body: string;
  isReplay: boolean;
}

/** Outside what a caller's key may hold (api.md §5.1: printable, which is ASCII), so that no caller meets one of ours. */
const OWN = "\u00b7";

/** A key of ours, for work that needs a lease without a caller's key. */
export function ownKey(purpose: "create" | "choose", name: string): string {
  return `${OWN}${purpose}:${name}`;
}

/** How keys of ours begin: all of them, or those of a purpose. */
export function ownKeyPrefix(purpose?: "create" | "choose"): string {
  return purpose === undefined ? OWN : ownKey(purpose, "");
}

interface KeyRow {
  bodyHash: Uint8Array;
  bodyPointers: Record<string, string>;
  recoveryPoint: RecoveryPoint;
  lockedUntil: Date | null;
  sessionId: string | null;
  responseStatus: number | null;
  responseBody: string | null;
  expiresAt: Date;
}

export type KeyState =
  | { kind: "free" }
  | { kind: "finished"; response: StoredResponse }
  /** Its owner died: this call holds the lease now and goes on with the session. */
  | { kind: "taken-over"; sessionId: string; lockedUntil: Date };

/**
 * What a key that may exist already means for this call (api.md §5.2).
 * @throws AppError IDEMPOTENCY_KEY_MISMATCH with the pointers that differ; IDEMPOTENCY_KEY_IN_USE with
 *   `retryAfter` in seconds while the first call runs.
 */
export async function resolveKey(
  tx: SqlExecutor,
  scope: KeyScope,
  fingerprint: BodyFingerprint,
  now: Date,
): Promise<KeyState> {
  const values = [scope.applicationId, scope.mode, scope.key];
  const where = "application_id = $1 and mode = $2::mode and key = $3";
  const [row] = await tx.query<KeyRow>(
    `select body_hash as "bodyHash", body_pointers as "bodyPointers", recovery_point as "recoveryPoint",
            locked_until as "lockedUntil", session_id as "sessionId", response_status as "responseStatus",
            response_body as "responseBody", expires_at as "expiresAt"
       from idempotency_keys where ${where}`,
    values,
  );
  if (row === undefined) return { kind: "free" };
  if (row.expiresAt <= now) {
    await tx.query(`delete from idempotency_keys where ${where} and expires_at <= $4`, [...values, now]);
    return { kind: "free" };
  }
  if (Buffer.from(row.bodyHash).toString("hex") !== fingerprint.hash) {
    const pointers = differingPointers(row.bodyPointers, fingerprint.pointers);
    await tx.query(
      `update idempotency_keys
          set refusals = (select jsonb_agg(r) from (select r from jsonb_array_elements(refusals || $4::jsonb) with ordinality t(r, n) order by n desc limit 10) latest)
        where ${where}`,
      [...values, json([{ at: now.toISOString(), pointers }])],
    );
    throw new AppError("IDEMPOTENCY_KEY_MISMATCH", { details: { differs: pointers } });
  }
  if (row.recoveryPoint === "FINISHED" && row.responseStatus !== null && row.responseBody !== null) {
    await tx.query(
      `update idempotency_keys set replay_count = replay_count + 1, last_replayed_at = $4 where ${where}`,
      [...values, now],
    );
    return {
      kind: "finished",
      response: { status: row.responseStatus, body: row.responseBody, isReplay: true },
    };
  }
  const taken = await takeOver(tx, scope, now);
  if (taken !== null) return { kind: "taken-over", ...taken };
  const retryAfter = Math.max(1, Math.ceil(((row.lockedUntil?.getTime() ?? 0) - now.getTime()) / 1000));
  // The usual create takes well under a second: a caller need not wait for the whole lease.
  throw keyInUse(Math.min(retryAfter, 2));
}

/** The lease of a key whose owner died, and its session; null when somebody has it or it is finished. */
export async function takeOver(
  tx: SqlExecutor,
  scope: KeyScope,
  now: Date,
): Promise<{ sessionId: string; lockedUntil: Date } | null> {
  const lockedUntil = new Date(now.getTime() + LEASE_MS);
  const [taken] = await tx.query<{ sessionId: string | null }>(
    `update idempotency_keys set locked_until = $4
      where application_id = $1 and mode = $2::mode and key = $3
        and recovery_point <> 'FINISHED' and (locked_until is null or locked_until <= $5)
      returning session_id as "sessionId"`,
    [scope.applicationId, scope.mode, scope.key, lockedUntil, now],
  );
  return taken?.sessionId ? { sessionId: taken.sessionId, lockedUntil } : null;
}

/** 409 while another call has the key; `retryAfter` in seconds (api.md §5.2). */
export function keyInUse(retryAfter: number): AppError {
  return new AppError("IDEMPOTENCY_KEY_IN_USE", {
    extra: { retryAfter },
    headers: { "retry-after": String(retryAfter) },
  });
}

/**
 * Stores the answer of the call that holds the lease.
 * @throws AppError IDEMPOTENCY_KEY_IN_USE when another call took over meanwhile: its answer counts.
 */
export async function finishKey(
  tx: SqlExecutor,
  scope: KeyScope,
  lockedUntil: Date,
  response: { status: number; body: string },
): Promise<void> {
  const finished = await tx.query(
    `update idempotency_keys
        set recovery_point = 'FINISHED', locked_until = null, response_status = $5, response_body = $6
      where application_id = $1 and mode = $2::mode and key = $3 and locked_until = $4 and recovery_point <> 'FINISHED'
      returning key`,
    [scope.applicationId, scope.mode, scope.key, lockedUntil, response.status, response.body],
  );
  if (finished.length === 0) throw keyInUse(1);
}
