import { readConnection } from "~/domain/providers/read-connection.server";
import type { Services } from "~/domain/services";
import { AppError } from "~/lib/errors";
import { newId } from "~/lib/ids";
import { storable } from "~/lib/storable-text";
import { InvalidEventSignature, type ProviderEvent } from "~/providers/port";

export interface ProviderNotice {
  provider: string;
  connectionId: string;
  rawBody: Uint8Array;
  headers: Headers;
}

/**
 * Verifies a provider's notice over its raw body and stores each event once by the provider's id
 * (api.md §7); a job applies it. Repeating it changes nothing.
 * @throws AppError NOT_FOUND for an unknown connection; INVALID_SIGNATURE, and nothing changes;
 *   MALFORMED_JSON for a signed body that is no event.
 */
export async function receiveProviderEvents(notice: ProviderNotice, services: Services): Promise<void> {
  const connection = await readConnection(services.db, notice.connectionId, services);
  if (connection === null || connection.context.provider !== notice.provider || connection.adapter === null) {
    throw new AppError("NOT_FOUND");
  }
  let events: ProviderEvent[];
  try {
    events = connection.adapter.parseEvent(connection.context, notice.rawBody, notice.headers);
  } catch (error) {
    if (error instanceof InvalidEventSignature) throw new AppError("INVALID_SIGNATURE", { cause: error });
    if (error instanceof SyntaxError) throw new AppError("MALFORMED_JSON", { cause: error });
    throw error;
  }
  const now = services.clock.now();
  await services.db.transaction(async (tx) => {
    for (const event of events) {
      const id = newId();
      const stored = await tx.query(
        `insert into inbound_events (id, merchant_id, connection_id, provider, provider_event_id, type, is_verified,
                                     provider_reference, payload, received_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
         on conflict (connection_id, provider_event_id) do nothing returning id`,
        [
          id,
          connection.merchantId,
          notice.connectionId,
          notice.provider,
          event.eventId,
          storable(event.type),
          event.isVerified,
          event.providerReference === null ? null : storable(event.providerReference),
          JSON.stringify(
            {
              notice: event.payload,
              reference: event.reference ?? null,
              state: event.state === null ? null : { ...event.state, amount: event.state.amount.toString() },
            },
            (_, value: unknown) => (typeof value === "string" ? storable(value) : value),
          ),
          now,
        ],
      );
      if (stored.length > 0) await services.jobs.enqueue(tx, "apply-provider-event", { inboundEventId: id });
    }
  });
  services.jobs.wake("apply-provider-event");
}
