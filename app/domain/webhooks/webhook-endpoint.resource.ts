import type { WebhookEndpoint } from "~/db/generated/client";

/** What the API says of an endpoint (api.md §4); the signing secret is not in it. */
export interface WebhookEndpointResource {
  id: string;
  url: string;
  mode: "live" | "test";
  isActive: boolean;
  keyFingerprint: string;
  subscribedEvents: string[];
  lastTestAt: string | null;
  lastTestStatus: string | null;
  createdAt: string;
  updatedAt: string;
}

export function webhookEndpointResource(row: WebhookEndpoint): WebhookEndpointResource {
  return {
    id: row.id,
    url: row.url,
    mode: row.mode,
    isActive: row.isActive,
    keyFingerprint: row.keyFingerprint,
    subscribedEvents: row.subscribedEvents,
    lastTestAt: row.lastTestAt?.toISOString() ?? null,
    lastTestStatus: row.lastTestStatus,
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
  };
}
