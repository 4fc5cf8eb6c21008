import type { SessionEventType } from "~/contracts/words";

/** When each event is sent, for who chooses among them. */
export const eventMeanings: Record<SessionEventType, string> = {
  "session.created": "A payment session was created.",
  "session.completed": "It was paid: fulfil the order.",
  "session.failed": "It ended without being paid.",
  "session.expired": "Nobody paid it in time.",
};
