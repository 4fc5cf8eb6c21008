import type { SqlExecutor } from "~/db/database";
import { apiKeyPrefix, hashApiKey } from "~/domain/api-keys/api-key-format.server";
import { type Keyring, sha256 } from "~/lib/crypto.server";
import type { Scope } from "./applications";
import { DAY, HISTORY, HOUR } from "./calendar";
import { hexBytes, insertRows } from "./loader";
import type { People } from "./people";
import type { Random } from "./random";

/** The demo merchant's printed test key: fixed, so public, and able to do nothing but test. */
export const demoTestApiKey = "ks_test_DemoOutfittersWebShopTestKey000136f8jP";

export interface ApiKey {
  id: string;
  prefix: string;
  hash: Uint8Array;
  scope: Scope;
  description: string;
  ip: string;
  /** Share of the scope's sessions while it is in use. */
  weight: number;
  createdMs: number;
  /** No session is made with it after this. */
  usedUntilMs: number;
  expiresMs: number | null;
  revokedMs: number | null;
  rolledTo: ApiKey | null;
  rolledMs: number | null;
  lastUsedMs: number | null;
}

/** Keys in every state that there is: in use, expiring, rolled, revoked. */
export function planApiKeys(
  scopes: readonly Scope[],
  nowMs: number,
  keyring: Keyring,
  random: Random,
): ApiKey[] {
  const startMs = nowMs - HISTORY - DAY;
  const keys: ApiKey[] = [];
  const add = (
    scope: Scope,
    prefix: string,
    description: string,
    ip: string,
    weight: number,
    more: Partial<ApiKey> = {},
  ) => {
    const createdMs = more.createdMs ?? startMs;
    const key: ApiKey = {
      id: random.id(createdMs),
      prefix,
      // Of no text that anybody could send: only the demo key's is known.
      hash: sha256(keyring.derive(`demo-api-key:${keys.length}`)),
      scope,
      description,
      ip,
      weight,
      createdMs,
      usedUntilMs: nowMs,
      expiresMs: null,
      revokedMs: null,
      rolledTo: null,
      rolledMs: null,
      lastUsedMs: null,
      ...more,
    };
    keys.push(key);
    return key;
  };
  const [shop, live, mobile, market] = scopes;
  if (shop === undefined || live === undefined || mobile === undefined || market === undefined) {
    throw new Error("the demo has four scopes");
  }
  add(shop, apiKeyPrefix(demoTestApiKey), "Storefront", "203.0.113.24", 70, {
    hash: hashApiKey(demoTestApiKey),
  });
  const rolledMs = nowMs - 19 * HOUR;
  const staging = add(shop, "ks_test_9fQ2", "Staging server", "203.0.113.31", 18, {
    createdMs: rolledMs,
    expiresMs: nowMs + 6 * DAY + 2 * HOUR,
  });
  add(shop, "ks_test_h0Wd", "Staging server", "203.0.113.31", 18, {
    createdMs: rolledMs - 3 * DAY,
    usedUntilMs: rolledMs,
    expiresMs: rolledMs + 42 * HOUR,
    rolledTo: staging,
    rolledMs,
  });
  add(shop, "ks_test_b4Xe", "CI, checkout tests", "198.51.100.7", 9, { expiresMs: nowMs + 92 * DAY });
  add(shop, "ks_test_Zr1k", "Kofi’s laptop", "192.0.2.88", 3, { usedUntilMs: nowMs - 12 * DAY });
  add(shop, "ks_test_M3vp", "Old demo store", "192.0.2.15", 12, {
    usedUntilMs: nowMs - 44 * DAY,
    revokedMs: nowMs - 43 * DAY,
  });
  add(live, "ks_live_K7sd", "Production", "203.0.113.10", 1);
  add(mobile, "ks_test_uW5n", "Mobile backend", "203.0.113.40", 1);
  add(market, "ks_test_pB8c", "Marketplace backend", "203.0.113.52", 1);
  return keys;
}

/** The key that a session of `scope` was made with at that moment. */
export function keyFor(keys: readonly ApiKey[], scope: Scope, atMs: number, random: Random): ApiKey {
  const usable = keys.filter((key) => key.scope === scope && key.createdMs <= atMs && atMs < key.usedUntilMs);
  const [first, ...rest] = usable;
  if (first === undefined) throw new Error("a scope of the demo has no API key");
  const key = random.weighted([
    [first, first.weight],
    ...rest.map((other) => [other, other.weight] as const),
  ]);
  key.lastUsedMs = atMs;
  return key;
}

/** Written last, when it is known which was used when. */
export async function insertApiKeys(
  tx: SqlExecutor,
  keys: readonly ApiKey[],
  merchantId: string,
  people: People,
): Promise<void> {
  const at = (ms: number | null) => (ms === null ? null : new Date(ms));
  await insertRows(
    tx,
    "api_keys",
    keys.map((key) => ({
      id: key.id,
      merchant_id: merchantId,
      application_id: key.scope.applicationId,
      mode: key.scope.mode,
      description: key.description,
      key_hash: hexBytes(key.hash),
      key_prefix: key.prefix,
      expires_at: at(key.expiresMs),
      revoked_at: at(key.revokedMs),
      revoked_by_id: key.revokedMs === null ? null : people.owner.id,
      rolled_to_id: key.rolledTo?.id ?? null,
      last_used_at: at(key.lastUsedMs),
      last_used_ip: key.lastUsedMs === null ? null : key.ip,
      created_by_id: people.developer.id,
      created_at: at(key.createdMs),
    })),
  );
}
