import type { Database } from "~/db/database";
import type { Mode } from "~/db/generated/enums";
import type { ApiKeyActor, Origin } from "~/domain/actor";
import type { Services } from "~/domain/services";
import { AppError } from "~/lib/errors";
import { sharedReads } from "~/lib/shared-reads";
import { hashApiKey, isWellFormedApiKey } from "./api-key-format.server";
import { RefusedKeyError } from "./refused-key-error";

interface KeyRow {
  id: string;
  merchantId: string;
  applicationId: string;
  mode: Mode;
  keyPrefix: string;
  expiresAt: Date | null;
  revokedAt: Date | null;
  lastUsedAt: Date | null;
  isEnabled: boolean;
  archivedAt: Date | null;
}

const FIND_KEY = `SELECT k.id, k.merchant_id AS "merchantId", k.application_id AS "applicationId", k.mode,
    k.key_prefix AS "keyPrefix", k.expires_at AS "expiresAt", k.revoked_at AS "revokedAt",
    k.last_used_at AS "lastUsedAt", a.is_enabled AS "isEnabled", a.archived_at AS "archivedAt"
  FROM api_keys k JOIN applications a ON a.id = k.application_id WHERE k.key_hash = $1`;

const TOUCH_KEY = `UPDATE api_keys SET last_used_at = $2, last_used_ip = $3
  WHERE id = $1 AND (last_used_at IS NULL OR last_used_at <= $4)`;

const TOUCH_EVERY_MS = 60_000;

/**
 * The application and mode of a full API key (api.md §1). A mistyped key is refused without a database
 * read. Notes when and from where it was used, at most once a minute and after the answer.
 * @throws AppError AUTHENTICATION_REQUIRED, saying why: only who has the key gets past the checksum.
 */
export async function authenticateApiKey(
  fullKey: string,
  context: Origin,
  services: Services,
): Promise<ApiKeyActor> {
  if (!isWellFormedApiKey(fullKey)) throw refused("This is not a complete API key. Copy it again");
  const key = await findKey(fullKey, services.db);
  if (key === undefined) throw refused("This API key does not exist here");
  const now = services.clock.now();
  const problem = problemOf(key, now);
  if (problem !== null) throw new RefusedKeyError(problem, callerOf(key));
  touch(key, context.ip, now, services);
  return {
    kind: "api_key",
    requestId: context.requestId,
    ip: context.ip,
    userAgent: context.userAgent,
    apiKeyId: key.id,
    keyPrefix: key.keyPrefix,
    merchantId: key.merchantId,
    applicationId: key.applicationId,
    mode: key.mode,
  };
}

function callerOf({ id: apiKeyId, merchantId, applicationId, mode, keyPrefix }: KeyRow) {
  return { apiKeyId, merchantId, applicationId, mode, keyPrefix };
}

function problemOf(key: KeyRow, now: Date): string | null {
  if (key.revokedAt !== null) return "This API key was revoked";
  if (key.expiresAt !== null && key.expiresAt <= now) return "This API key has expired";
  if (key.archivedAt !== null) return "This API key's application was archived";
  return key.isEnabled ? null : "This API key's application is disabled";
}

const readers = new WeakMap<Database, (fullKey: string) => Promise<KeyRow | undefined>>();

/** One read at a time of a key that many calls carry. */
function findKey(fullKey: string, db: Database): Promise<KeyRow | undefined> {
  let reader = readers.get(db);
  if (reader === undefined) {
    reader = sharedReads(async (key) => {
      const [row] = await db.query<KeyRow>(FIND_KEY, [hashApiKey(key)], { prepare: true });
      return row;
    });
    readers.set(db, reader);
  }
  return reader(fullKey);
}

function refused(message: string): AppError {
  return new AppError("AUTHENTICATION_REQUIRED", { message });
}

/** Keys whose note is being written: a burst of requests writes one. */
const beingTouched = new WeakMap<Database, Set<string>>();

function touch(key: KeyRow, ip: string | null, now: Date, services: Services): void {
  const before = new Date(now.getTime() - TOUCH_EVERY_MS);
  if (key.lastUsedAt !== null && key.lastUsedAt > before) return;
  const running = beingTouched.get(services.db) ?? new Set();
  beingTouched.set(services.db, running);
  if (running.has(key.id)) return;
  running.add(key.id);
  services.db
    .query(TOUCH_KEY, [key.id, now, ip, before])
    .catch((err: unknown) =>
      services.log.warn({ err, apiKeyId: key.id }, "could not note the use of an API key"),
    )
    .finally(() => running.delete(key.id));
}
