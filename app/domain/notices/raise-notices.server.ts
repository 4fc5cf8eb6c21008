import type { Mode } from "~/db/generated/enums";
import type { Services } from "~/domain/services";
import { newId } from "~/lib/ids";

/** How long before its end a key's team hears of it. */
const KEY_NOTICE_DAYS = 7;
const BATCH = 200;

interface Cause {
  merchantId: string;
  kind: "key_expiring" | "provider_down";
  title: string;
  body: string;
  url: string;
  /** Names the occurrence: of each there is one notice. */
  dedupeKey: string;
}

/** Looks for what no command notices, because it happens by time alone: a key near its end, a provider that stays down. */
export async function raiseNotices(services: Services): Promise<void> {
  const causes = [...(await expiringKeys(services)), ...(await downProviders(services))];
  for (const cause of causes) {
    await services.db.query(
      `insert into notices (id, merchant_id, kind, title, body, url, dedupe_key, created_at)
       values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict (merchant_id, dedupe_key) do nothing`,
      [
        ...[newId(), cause.merchantId, cause.kind, cause.title, cause.body, cause.url, cause.dedupeKey],
        services.clock.now(),
      ],
    );
  }
}

interface ExpiringKey {
  id: string;
  merchantId: string;
  applicationId: string;
  applicationName: string;
  mode: Mode;
  keyPrefix: string;
  description: string;
  expiresAt: Date;
}

/** Not those that were made for a few days only, nor those that were rolled: somebody has just decided that. */
async function expiringKeys({ db, clock }: Services): Promise<Cause[]> {
  const keys = await db.query<ExpiringKey>(
    `select k.id, k.merchant_id as "merchantId", k.application_id as "applicationId", a.name as "applicationName", k.mode,
            k.key_prefix as "keyPrefix", k.description, k.expires_at as "expiresAt"
       from api_keys k join applications a on a.id = k.application_id
      where k.expires_at > $1 and k.expires_at <= $1::timestamptz + make_interval(days => ${KEY_NOTICE_DAYS})
        and k.revoked_at is null and k.rolled_to_id is null and a.archived_at is null
        and k.created_at < k.expires_at - make_interval(days => ${KEY_NOTICE_DAYS})
        and not exists (select from notices n where n.merchant_id = k.merchant_id and n.dedupe_key = 'key_expiring:' || k.id)
      limit ${BATCH}`,
    [clock.now()],
  );
  return keys.map((key) => ({
    merchantId: key.merchantId,
    kind: "key_expiring",
    title: "An API key expires soon",
    body: `${key.keyPrefix}… “${key.description}” of ${key.applicationName} stops working on ${minute(key.expiresAt)}.`,
    url: `/apps/${key.applicationId}/${key.mode}/api-keys`,
    dedupeKey: `key_expiring:${key.id}`,
  }));
}

interface DownConnection {
  id: string;
  merchantId: string;
  applicationId: string;
  applicationName: string;
  provider: string;
  openedAt: Date;
}

/** In live mode: a simulated provider is down because somebody wants it to be. */
async function downProviders({ db, clock, config }: Services): Promise<Cause[]> {
  const now = clock.now();
  const connections = await db.query<DownConnection>(
    `select c.id, c.merchant_id as "merchantId", c.application_id as "applicationId", a.name as "applicationName",
            c.provider, h.opened_at as "openedAt"
       from connection_health h
       join provider_connections c on c.id = h.connection_id
       join applications a on a.id = c.application_id
      where h.breaker = 'OPEN' and h.opened_at <= $1 and c.mode = 'live' and c.is_active and c.archived_at is null
        and a.archived_at is null
      limit ${BATCH}`,
    [new Date(now.getTime() - config.providerDownMinutes * 60_000)],
  );
  return connections.map((connection) => ({
    merchantId: connection.merchantId,
    kind: "provider_down",
    title: `${connection.provider} does not answer`,
    body: `Calls of ${connection.applicationName} to ${connection.provider} have been failing since ${minute(connection.openedAt)}. New sessions go to its other providers; where it has none, they fail.`,
    url: `/apps/${connection.applicationId}/live/providers`,
    dedupeKey: `provider_down:${connection.id}:${connection.openedAt.toISOString()}`,
  }));
}

/** 2026-11-21 14:32 UTC: a mail cannot know its reader's zone. */
const minute = (at: Date) => `${at.toISOString().slice(0, 16).replace("T", " ")} UTC`;
