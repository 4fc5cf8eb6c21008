import type { ApiKeyCreate } from "~/contracts/api-keys";
import type { UserActor } from "~/domain/actor";
import { holdApplication } from "~/domain/applications/application.server";
import type { Services } from "~/domain/services";
import { authorise } from "~/domain/users/permissions";
import { AppError } from "~/lib/errors";
import type { NewApiKey } from "./api-key";
import { insertApiKey } from "./insert-api-key.server";

/**
 * Makes an API key. The full key is in the returned value and nowhere else.
 * @throws AppError FORBIDDEN; NOT_FOUND for the application; VALIDATION_FAILED when expiresAt has passed; CONFLICT
 * when the application is archived, or a key with the chosen `id` is there: the same form was sent twice.
 */
export async function createApiKey(
  actor: UserActor,
  input: ApiKeyCreate & { applicationId: string; id?: string },
  services: Services,
): Promise<NewApiKey> {
  authorise(actor, "api_keys.write");
  const now = services.clock.now();
  const expiresAt = input.expiresAt ?? null;
  if (expiresAt !== null && expiresAt <= now) {
    throw new AppError("VALIDATION_FAILED", { message: ["expiresAt must be in the future"] });
  }
  const { id, applicationId, mode, description } = input;
  return services.db.transaction(async (tx) => {
    await holdApplication(tx, actor.merchantId, applicationId);
    return insertApiKey(tx, actor, { id, applicationId, mode, description, expiresAt }, now);
  });
}
