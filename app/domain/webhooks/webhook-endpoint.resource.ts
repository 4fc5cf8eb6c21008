import type { WebhookEndpointResource } from "~/contracts/webhooks";
import { isSessionEventType } from "~/contracts/words";
import type { WebhookEndpoint } from "~/db/generated/client";

/** api.md §4. */
export function webhookEndpointResource(row: WebhookEndpoint): WebhookEndpointResource {
  return {
    id: row.id,
    url: row.url,
    mode: row.mode,
    isActive: row.isActive,
    keyFingerprint: row.keyFingerprint,
    subscribedEvents: row.subscribedEvents.filter(isSessionEventType),
    lastTestAt: row.lastTestAt?.toISOString() ?? null,
    lastTestStatus: row.lastTestStatus,
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
  };
}
