import type { SqlExecutor } from "~/db/database";
import { holdApplication } from "~/domain/applications/application.server";
import { AppError } from "~/lib/errors";
import { type ApiKeyRow, apiKeyColumns } from "./api-key";

/**
 * The application's key, kept from changing until the caller's transaction ends.
 * @throws AppError NOT_FOUND for an unknown or foreign one; CONFLICT for an archived application's.
 */
export async function holdApiKey(
  tx: SqlExecutor,
  where: { merchantId: string; applicationId: string; keyId: string },
): Promise<ApiKeyRow> {
  await holdApplication(tx, where.merchantId, where.applicationId);
  const [row] = await tx.query<ApiKeyRow>(
    `SELECT ${apiKeyColumns} FROM api_keys
     WHERE id = $1 AND application_id = $2 AND merchant_id = $3 FOR UPDATE`,
    [where.keyId, where.applicationId, where.merchantId],
  );
  if (row === undefined) throw new AppError("NOT_FOUND");
  return row;
}
