import type { SqlExecutor } from "~/db/database";
import type { Application } from "~/db/generated/client";
import { AppError } from "~/lib/errors";

/** What commands and resources know of an application. */
export type ApplicationRow = Pick<
  Application,
  | "id"
  | "merchantId"
  | "name"
  | "description"
  | "isEnabled"
  | "archivedAt"
  | "unfulfilledAfterMinutes"
  | "timeZone"
  | "displayName"
  | "accentColor"
  | "checkoutLanguage"
  | "supportContact"
  | "createdAt"
  | "updatedAt"
>;

/** The columns of an `ApplicationRow`, for SQL. */
export const applicationColumns = `id, merchant_id AS "merchantId", name, description, is_enabled AS "isEnabled",
  archived_at AS "archivedAt", unfulfilled_after_minutes AS "unfulfilledAfterMinutes",
  time_zone AS "timeZone", display_name AS "displayName", accent_color AS "accentColor",
  checkout_language AS "checkoutLanguage", support_contact AS "supportContact", created_at AS "createdAt", updated_at AS "updatedAt"`;

/**
 * The merchant's application, kept from changing until the caller's transaction ends. Every change of an
 * application and of its keys, connections and endpoints begins with it: nothing of an archived one changes.
 * @throws AppError NOT_FOUND for an unknown or foreign one (api.md §1); CONFLICT for an archived one.
 */
export async function holdApplication(
  tx: SqlExecutor,
  merchantId: string,
  applicationId: string,
  lock: "SHARE" | "UPDATE" = "SHARE",
): Promise<ApplicationRow> {
  const [row] = await tx.query<ApplicationRow>(
    `SELECT ${applicationColumns} FROM applications
     WHERE id = $1 AND merchant_id = $2 FOR ${lock}`,
    [applicationId, merchantId],
  );
  if (row === undefined) throw new AppError("NOT_FOUND");
  if (row.archivedAt !== null) throw applicationArchived();
  return row;
}

/** The 409 of every change to an archived application. */
export function applicationArchived(): AppError {
  return new AppError("CONFLICT", {
    message: "This application is archived: it and its keys, providers and webhooks cannot be changed",
  });
}

/** The 409 of a name that is taken (api.md §4: unique per merchant, archived ones included). */
export function nameTaken(name: string): AppError {
  return new AppError("CONFLICT", {
    message: `Another of your applications is called “${name}” (archived ones keep their names)`,
  });
}
