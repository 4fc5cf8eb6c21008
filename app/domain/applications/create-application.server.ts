import type { ApplicationCreate } from "~/contracts/applications";
import type { UserActor } from "~/domain/actor";
import { recordAudit } from "~/domain/audit/record-audit.server";
import { addSimulatedConnections } from "~/domain/providers/add-simulated-connections.server";
import type { Services } from "~/domain/services";
import { authorise } from "~/domain/users/permissions";
import { newId } from "~/lib/ids";
import { type ApplicationRow, applicationColumns, nameTaken } from "./application.server";

/**
 * Creates an application that is ready for test mode: the simulated `stripe` and `kiotapay`
 * connections are there.
 * @throws AppError FORBIDDEN; CONFLICT when the merchant has one of that name.
 */
export async function createApplication(
  actor: UserActor,
  input: ApplicationCreate,
  services: Services,
): Promise<ApplicationRow> {
  authorise(actor, "applications.write");
  const now = services.clock.now();
  const id = newId();
  return services.db.transaction(async (tx) => {
    const [row] = await tx.query<ApplicationRow>(
      `INSERT INTO applications (id, merchant_id, name, description, created_at, updated_at)
       VALUES ($1, $2, $3, $4, $5, $5)
       ON CONFLICT (merchant_id, name) DO NOTHING RETURNING ${applicationColumns}`,
      [id, actor.merchantId, input.name, input.description ?? null, now],
    );
    if (row === undefined) throw nameTaken(input.name);
    await addSimulatedConnections(tx, { merchantId: actor.merchantId, applicationId: id }, now);
    await recordAudit(
      tx,
      actor,
      {
        action: "application.created",
        targetType: "application",
        targetId: id,
        targetLabel: row.name,
        after: { name: row.name, description: row.description },
        merchantId: actor.merchantId,
      },
      now,
    );
    return row;
  });
}
