import type { ConnectionTestResource } from "~/contracts/providers";
import type { UserActor } from "~/domain/actor";
import { recordAudit } from "~/domain/audit/record-audit.server";
import type { Services } from "~/domain/services";
import { authorise } from "~/domain/users/permissions";
import { AppError } from "~/lib/errors";
import { ProviderRefusal } from "~/providers/port";
import { isSimulated } from "./connection";
import { authoriseConnectionChange } from "./connection-rules.server";
import { holdConnection } from "./hold-connection.server";
import { readConnection } from "./read-connection.server";

/**
 * Asks the provider, by one call that changes nothing there, whether it lets the connection's credentials
 * in, and remembers the answer. What the provider says is a result, not an error (api.md §4).
 * @throws AppError FORBIDDEN; NOT_FOUND; CONFLICT when this server cannot reach the provider in that mode,
 * or the application is archived.
 */
export async function testConnection(
  actor: UserActor,
  input: { applicationId: string; connectionId: string },
  services: Services,
): Promise<ConnectionTestResource> {
  authorise(actor, "providers.read");
  const where = { merchantId: actor.merchantId, ...input };
  // Held only to read: the call to the provider must keep no row waiting.
  const row = await services.db.transaction((tx) => holdConnection(tx, where));
  if (row.archivedAt !== null) throw new AppError("NOT_FOUND");
  authoriseConnectionChange(actor, row.mode);
  const connection = await readConnection(services.db, row.id, services);
  if (connection?.adapter == null) {
    throw new AppError("CONFLICT", {
      message: `This server cannot reach ${row.provider} in ${row.mode} mode`,
    });
  }
  const startedAt = performance.now();
  const signal = AbortSignal.timeout(services.config.providerTimeoutMs);
  const refusal = await connection.adapter
    .checkCredentials(connection.context, signal)
    .then(() => null)
    .catch((error: unknown) => {
      if (error instanceof ProviderRefusal) return error;
      services.log.error({ err: error, provider: row.provider }, "a provider adapter failed");
      return new ProviderRefusal("provider_error", "the provider's answer could not be used");
    });
  const latencyMs = Math.round(performance.now() - startedAt);
  const status = refusal?.reason ?? "ok";
  const now = services.clock.now();
  await services.db.transaction(async (tx) => {
    await tx.query(
      "UPDATE provider_connections SET last_test_at = $2, last_test_status = $3 WHERE id = $1 AND merchant_id = $4",
      [row.id, now, status, actor.merchantId],
    );
    await recordAudit(
      tx,
      actor,
      {
        action: "provider_connection.tested",
        targetType: "provider_connection",
        targetId: row.id,
        targetLabel: row.provider,
        after: { mode: row.mode, status },
        merchantId: actor.merchantId,
      },
      now,
    );
  });
  return {
    connectionId: row.id,
    status,
    message:
      refusal?.message ??
      (isSimulated(row) ? "The simulated provider answered" : "The provider let the credentials in"),
    latencyMs,
    testedAt: now.toISOString(),
  };
}
