import type { SqlExecutor } from "~/db/database";
import { holdApplication } from "~/domain/applications/application.server";
import { AppError } from "~/lib/errors";
import { type ConnectionRow, connectionColumns } from "./connection";

/**
 * The application's connection, kept from changing until the caller's transaction ends; archived ones too.
 * @throws AppError NOT_FOUND for an unknown or foreign one; CONFLICT for an archived application's.
 */
export async function holdConnection(
  tx: SqlExecutor,
  where: { merchantId: string; applicationId: string; connectionId: string },
): Promise<ConnectionRow> {
  await holdApplication(tx, where.merchantId, where.applicationId);
  const [row] = await tx.query<ConnectionRow>(
    `SELECT ${connectionColumns} FROM provider_connections
     WHERE id = $1 AND application_id = $2 AND merchant_id = $3 FOR UPDATE`,
    [where.connectionId, where.applicationId, where.merchantId],
  );
  if (row === undefined) throw new AppError("NOT_FOUND");
  return row;
}
