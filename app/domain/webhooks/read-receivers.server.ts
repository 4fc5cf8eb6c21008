import type { Services } from "~/domain/services";
import { callbackSecret } from "./callback-secret.server";
import type { ClaimedDelivery } from "./claim-deliveries.server";
import { signingKeyBytes } from "./sign-webhook.server";

/** Where a lane's deliveries go now, and with what they are signed. */
export interface Receiver {
  /** The endpoint's URL of today; null for callbacks, each of which has its own. */
  url: string | null;
  /** False for an endpoint that is off or archived. */
  isActive: boolean;
  /** During a roll both sign (api.md §6). None: its secret cannot be opened, and nothing can be sent. */
  keys: Buffer[];
}

interface Secrets {
  current: Uint8Array;
  previous: Uint8Array | null;
  previousExpiresAt: Date | null;
}

/** The receivers of these deliveries by lane; an endpoint whose row is gone has none. */
export async function readReceivers(
  deliveries: readonly ClaimedDelivery[],
  services: Pick<Services, "db" | "clock" | "keyring" | "log">,
): Promise<Map<string, Receiver>> {
  const receivers = new Map<string, Receiver>();
  const endpointIds = [...new Set(deliveries.flatMap(({ endpointId }) => endpointId ?? []))];
  if (endpointIds.length > 0) {
    const rows = await services.db.query<Secrets & { id: string; url: string; isActive: boolean }>(
      `select id, url, is_active and archived_at is null as "isActive", secret_encrypted as current,
              previous_secret_encrypted as previous, previous_secret_expires_at as "previousExpiresAt"
         from webhook_endpoints where id = any($1::uuid[])`,
      [endpointIds],
      { prepare: true },
    );
    for (const row of rows) {
      receivers.set(row.id, { url: row.url, isActive: row.isActive, keys: openKeys(row, row.id, services) });
    }
  }
  const callbacks = new Map(
    deliveries.filter(({ endpointId }) => endpointId === null).map((one) => [one.lane, one.applicationId]),
  );
  for (const [lane, applicationId] of callbacks) {
    const secret = await callbackSecret(applicationId, services);
    receivers.set(lane, { url: null, isActive: true, keys: openKeys(secret, applicationId, services) });
  }
  return receivers;
}

function openKeys(
  { current, previous, previousExpiresAt }: Secrets,
  context: string,
  { clock, keyring, log }: Pick<Services, "clock" | "keyring" | "log">,
): Buffer[] {
  const secrets = [current];
  if (previous !== null && previousExpiresAt !== null && previousExpiresAt > clock.now())
    secrets.push(previous);
  try {
    return secrets.map((secret) => signingKeyBytes(keyring.decrypt(secret, context)));
  } catch (err) {
    // One that was encrypted under a secret that is gone: its own deliveries fail, and nobody else's.
    log.error({ err, receiver: context }, "a signing secret cannot be opened");
    return [];
  }
}
