import { createHash } from "node:crypto";
import type { UserActor } from "~/domain/actor";
import { recordAudit } from "~/domain/audit/record-audit.server";
import type { Services } from "~/domain/services";
import { authorise } from "~/domain/users/permissions";
import { AppError } from "~/lib/errors";
import { holdApplication } from "./application.server";

/** Enough for 512 px square; each customer's phone loads it. */
export const MAX_LOGO_BYTES = 100 * 1024;

/** What a picture is, by its first bytes. What the browser or the file's name says of it counts for nothing. */
const kinds: readonly { contentType: string; fits: (bytes: Uint8Array) => boolean }[] = [
  {
    contentType: "image/png",
    fits: (bytes) => startsWith(bytes, [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
  },
  { contentType: "image/jpeg", fits: (bytes) => startsWith(bytes, [0xff, 0xd8, 0xff]) },
  {
    contentType: "image/webp",
    fits: (bytes) =>
      startsWith(bytes, [0x52, 0x49, 0x46, 0x46]) && startsWith(bytes.subarray(8), [0x57, 0x45, 0x42, 0x50]),
  },
];

const startsWith = (bytes: Uint8Array, beginning: readonly number[]) =>
  beginning.every((byte, index) => bytes[index] === byte);

/**
 * Puts a picture at the head of the application's checkout, or with null takes it away.
 * @throws AppError VALIDATION_FAILED for what is no PNG, JPEG or WebP of at most 100 KB; FORBIDDEN; NOT_FOUND;
 * CONFLICT when the application is archived.
 */
export async function setApplicationLogo(
  actor: UserActor,
  { applicationId, content }: { applicationId: string; content: Uint8Array | null },
  services: Services,
): Promise<void> {
  authorise(actor, "applications.write");
  const kind = content && kinds.find(({ fits }) => fits(content));
  if (content && !kind) throw refused("must be a PNG, JPEG or WebP picture");
  if (content && content.length > MAX_LOGO_BYTES) throw refused("must be at most 100 KB");
  const now = services.clock.now();
  await services.db.transaction(async (tx) => {
    const { name } = await holdApplication(tx, actor.merchantId, applicationId, "UPDATE");
    if (content && kind) {
      const digest = createHash("sha256").update(content).digest("hex").slice(0, 16);
      await tx.query(
        `insert into application_logos (application_id, content_type, content, digest, updated_at)
         values ($1, $2, $3, $4, $5)
         on conflict (application_id) do update set content_type = $2, content = $3, digest = $4, updated_at = $5`,
        [applicationId, kind.contentType, content, digest, now],
      );
    } else {
      await tx.query("delete from application_logos where application_id = $1", [applicationId]);
    }
    await recordAudit(
      tx,
      actor,
      {
        action: content ? "application.logo_changed" : "application.logo_removed",
        targetType: "application",
        targetId: applicationId,
        targetLabel: name,
        merchantId: actor.merchantId,
      },
      now,
    );
  });
}

const refused = (message: string) => new AppError("VALIDATION_FAILED", { message: `logo ${message}` });

/** A logo's bytes by its address; null when it is another by now. */
export async function readApplicationLogo(
  { applicationId, digest }: { applicationId: string; digest: string },
  { db }: Pick<Services, "db">,
): Promise<{ contentType: string; content: Uint8Array } | null> {
  return db.prisma.applicationLogo.findFirst({
    where: { applicationId, digest },
    select: { contentType: true, content: true },
  });
}

/** Where a logo is: its digest makes the address another whenever it changes. */
export const logoPath = (applicationId: string, digest: string) => `/logos/${applicationId}/${digest}`;
