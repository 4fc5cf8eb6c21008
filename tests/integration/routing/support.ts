import { vi } from "vitest";
import { exampleSessionBody } from "~/contracts/example-session";
import type { SessionStatus } from "~/db/generated/enums";
import { recordOutcome } from "~/domain/routing/record-outcome.server";
import type { Services } from "~/domain/services";
import { newId } from "~/lib/ids";
import * as sessionsRoute from "~/routes/api/sessions";

/** A session made by the API, at the services' clock; the provider's answer is noted by the time that this returns. */
export async function makeSession(key: string, services: Services, more: object = {}): Promise<string> {
  const request = new Request("http://localhost:3999/api/v1/sessions", {
    method: "POST",
    headers: {
      authorization: `Bearer ${key}`,
      "content-type": "application/json",
      "idempotency-key": newId(),
    },
    body: JSON.stringify({ ...exampleSessionBody("http://localhost:3000"), ...more }),
  });
  const response = await sessionsRoute.action({ request, params: {}, context: {} });
  const body = await response.json();
  if (response.status !== 201) throw new Error(JSON.stringify(body));
  // A success is noted a little later, and keeps no create waiting.
  const isNoted = async () => {
    const noted = await services.db.query(
      `select from connection_health h join payment_sessions p on p.connection_id = h.connection_id
        where p.id = $1 and h.at >= $2`,
      [body.sessionId, services.clock.now()],
    );
    if (noted.length === 0) throw new Error("not noted yet");
  };
  await vi.waitFor(isNoted, { timeout: 30_000 });
  return body.sessionId;
}

/** Counts the session's end, as the change of its status would. */
export async function endSession(id: string, status: SessionStatus, services: Services): Promise<void> {
  const session = await services.db.prisma.paymentSession.findUniqueOrThrow({ where: { id } });
  await services.db.transaction((tx) =>
    recordOutcome(tx, { ...session, status, failureReason: null }, services.clock.now()),
  );
}
