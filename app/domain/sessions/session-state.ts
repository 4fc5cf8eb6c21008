import type { SessionStatus } from "~/db/generated/enums";

const FINAL: readonly SessionStatus[] = ["SUCCEEDED", "FAILED", "EXPIRED"];

/** SUCCEEDED, FAILED and EXPIRED are final (api.md §5.4). */
export function isFinal(status: SessionStatus): boolean {
  return FINAL.includes(status);
}

const PROGRESS: Record<SessionStatus, number> = {
  PENDING: 0,
  REQUIRES_ACTION: 1,
  PROCESSING: 2,
  SUCCEEDED: 3,
  FAILED: 3,
  EXPIRED: 3,
};

/**
 * The status after news arrives, or null when it changes nothing. Final states never change, whatever
 * comes late, except that a provider-confirmed success wins over EXPIRED and FAILED, because money
 * moved (api.md §5.4). Open states only move forward, so reordered news cannot pull one back.
 */
export function nextStatus(current: SessionStatus, news: SessionStatus): SessionStatus | null {
  if (current === news) return null;
  if (isFinal(current)) return current !== "SUCCEEDED" && news === "SUCCEEDED" ? "SUCCEEDED" : null;
  return PROGRESS[news] > PROGRESS[current] ? news : null;
}
