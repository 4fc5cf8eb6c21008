import { fetch } from "undici";
import type { Services } from "~/domain/services";
import { eventBody } from "~/providers/simulator/event.server";
import { signedHeaders } from "~/providers/simulator/signature.server";
import { readCheckout, toView } from "./simulator-checkout.server";
import { simulatorWebhookSecret } from "./webhook-secret.server";

const TIMEOUT_MS = 10_000;

/**
 * The simulated provider's webhook: tells the checkout's state as it is now to this system, by real HTTP,
 * signed as a real provider would. A pending state that is due is settled first.
 * @throws Error when no 2xx came back: the queue tries again, with the same event id.
 */
export async function notifyFromSimulator(
  { checkoutId, eventId }: { checkoutId: string; eventId: string },
  services: Services,
): Promise<void> {
  const { db, clock, config, keyring, log } = services;
  const now = clock.now();
  const row = await readCheckout(db, checkoutId, now);
  if (row === null) {
    log.warn({ checkoutId, eventId }, "The simulator has no such checkout; its notice is dropped");
    return;
  }
  const body = Buffer.from(eventBody(eventId, now, toView(row, config.appUrl)));
  const response = await fetch(
    `${config.selfUrl}/api/v1/providers/${row.provider}/webhooks/${row.connection_id}`,
    {
      method: "POST",
      headers: {
        "content-type": "application/json",
        "user-agent": "Kadosei-Simulator/1.0",
        ...signedHeaders(simulatorWebhookSecret(keyring, row.connection_id), eventId, now, body),
      },
      body,
      redirect: "error",
      signal: AbortSignal.timeout(TIMEOUT_MS),
    },
  );
  await response.body?.cancel();
  if (!response.ok) throw new Error(`the simulator's notice was answered with ${response.status}`);
}
