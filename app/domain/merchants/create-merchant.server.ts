import type { SqlExecutor } from "~/db/database";
import type { Merchant } from "~/db/generated/client";
import type { SystemActor } from "~/domain/actor";
import { type AuditActor, recordAudit } from "~/domain/audit/record-audit.server";
import type { Services } from "~/domain/services";
import { newId } from "~/lib/ids";

/** Makes a merchant without a team; `timeZone` is an IANA zone. For the seed and tests. */
export async function createMerchant(
  actor: SystemActor,
  input: { name: string; timeZone?: string },
  services: Services,
): Promise<Merchant> {
  const now = services.clock.now();
  return services.db.transaction((tx) => insertMerchant(tx, actor, input, now));
}

/** The same in the caller's transaction: a merchant that signs up comes with its owner. */
export async function insertMerchant(
  tx: SqlExecutor,
  actor: AuditActor,
  input: { name: string; timeZone?: string | undefined },
  now: Date,
): Promise<Merchant> {
  const merchant = {
    id: newId(),
    name: input.name,
    timeZone: input.timeZone ?? "UTC",
    createdAt: now,
    updatedAt: now,
  };
  await tx.query(
    "INSERT INTO merchants (id, name, time_zone, created_at, updated_at) VALUES ($1, $2, $3, $4, $4)",
    [merchant.id, merchant.name, merchant.timeZone, now],
  );
  await recordAudit(
    tx,
    actor,
    {
      action: "merchant.created",
      targetType: "merchant",
      targetId: merchant.id,
      targetLabel: merchant.name,
      merchantId: merchant.id,
    },
    now,
  );
  return merchant;
}
