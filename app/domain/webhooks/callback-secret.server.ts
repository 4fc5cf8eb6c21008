import type { SqlExecutor } from "~/db/database";
import type { UserActor } from "~/domain/actor";
import { holdApplication } from "~/domain/applications/application.server";
import { recordAudit } from "~/domain/audit/record-audit.server";
import type { Services } from "~/domain/services";
import { authorise } from "~/domain/users/permissions";
import { newSigningSecret, secretFingerprint } from "./create-webhook-endpoint.server";
import { assertNotRolled, OVERLAP_MS } from "./roll-webhook-secret.server";

/** What signs the events that go to a session's own `callbackUrl` (api.md §5.5, §6): one secret an application. */
interface CallbackSecret {
  current: Uint8Array;
  previous: Uint8Array | null;
  previousExpiresAt: Date | null;
}

async function readSecret(
  tx: SqlExecutor,
  applicationId: string,
): Promise<(Omit<CallbackSecret, "current"> & { current: Uint8Array | null }) | null> {
  const [row] = await tx.query<Omit<CallbackSecret, "current"> & { current: Uint8Array | null }>(
    `select callback_secret_encrypted as current, previous_callback_secret_encrypted as previous,
            previous_callback_secret_expires_at as "previousExpiresAt"
       from applications where id = $1`,
    [applicationId],
  );
  return row ?? null;
}

/** The application's callback secret, encrypted under its id; made when it is first needed. */
export async function callbackSecret(
  applicationId: string,
  services: Pick<Services, "db" | "keyring">,
): Promise<CallbackSecret> {
  const found = await readSecret(services.db, applicationId);
  if (found?.current) return { ...found, current: found.current };
  // Two deliveries may come here at once: the first one's secret is everybody's.
  await services.db.query(
    `update applications set callback_secret_encrypted = $2 where id = $1 and callback_secret_encrypted is null`,
    [applicationId, services.keyring.encrypt(newSigningSecret().secret, applicationId)],
  );
  const made = await readSecret(services.db, applicationId);
  if (!made?.current) throw new Error("an application has no callback secret after one was made");
  return { ...made, current: made.current };
}

/** What may be shown of the callback secret; null while there is none. */
export async function callbackSecretFingerprint(
  applicationId: string,
  services: Pick<Services, "db" | "keyring">,
): Promise<{ fingerprint: string; previousExpiresAt: string | null } | null> {
  const found = await readSecret(services.db, applicationId);
  if (!found?.current) return null;
  return {
    fingerprint: secretFingerprint(services.keyring.decrypt(found.current, applicationId)),
    previousExpiresAt: found.previousExpiresAt?.toISOString() ?? null,
  };
}

/**
 * A new callback secret, in this answer and in no other. The one before it, if there was one, signs too for
 * 24 hours, so that the receiver can change over (api.md §6). `fingerprint` is of the secret that is to be rolled, empty
 * for none.
 * @throws AppError FORBIDDEN; NOT_FOUND; CONFLICT for an archived application, and when `fingerprint` is not the
 * current secret's.
 */
export async function rollCallbackSecret(
  actor: UserActor,
  input: { applicationId: string; fingerprint?: string },
  services: Services,
): Promise<{ secret: string; isRolled: boolean }> {
  authorise(actor, "webhooks.write");
  const now = services.clock.now();
  const { applicationId } = input;
  const { secret, fingerprint } = newSigningSecret();
  const isRolled = await services.db.transaction(async (tx) => {
    const { name } = await holdApplication(tx, actor.merchantId, applicationId, "UPDATE");
    const current = (await readSecret(tx, applicationId))?.current;
    const before = current ? secretFingerprint(services.keyring.decrypt(current, applicationId)) : "";
    assertNotRolled(before, input.fingerprint);
    const [row] = await tx.query<{ hadOne: boolean }>(
      `update applications a set callback_secret_encrypted = $2,
              previous_callback_secret_encrypted = a.callback_secret_encrypted,
              previous_callback_secret_expires_at = case when a.callback_secret_encrypted is null then null else $3::timestamptz end,
              updated_at = $4
         where a.id = $1 and a.merchant_id = $5
         returning a.previous_callback_secret_encrypted is not null as "hadOne"`,
      [
        applicationId,
        services.keyring.encrypt(secret, applicationId),
        new Date(now.getTime() + OVERLAP_MS),
        now,
        actor.merchantId,
      ],
    );
    await recordAudit(
      tx,
      actor,
      {
        action: "application.callback_secret_rolled",
        targetType: "application",
        targetId: applicationId,
        targetLabel: name,
        ...(before === "" ? {} : { before: { keyFingerprint: before } }),
        after: { keyFingerprint: fingerprint },
        merchantId: actor.merchantId,
      },
      now,
    );
    return row?.hadOne ?? false;
  });
  return { secret, isRolled };
}
