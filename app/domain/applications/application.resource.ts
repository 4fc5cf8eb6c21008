import type { ApplicationResource } from "~/contracts/applications";
import { type Language, languageCodes } from "~/contracts/checkout-languages";
import type { ApplicationRow } from "./application.server";

type Row = Omit<ApplicationRow, "merchantId" | "archivedAt">;

const isLanguage = (code: string | null): code is Language =>
  code !== null && (languageCodes as readonly string[]).includes(code);

/** api.md §4. */
export function applicationResource(row: Row): ApplicationResource {
  return {
    id: row.id,
    name: row.name,
    description: row.description,
    isEnabled: row.isEnabled,
    unfulfilledAfterMinutes: row.unfulfilledAfterMinutes,
    timeZone: row.timeZone,
    displayName: row.displayName,
    accentColor: row.accentColor,
    checkoutLanguage: isLanguage(row.checkoutLanguage) ? row.checkoutLanguage : null,
    supportContact: row.supportContact,
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
  };
}
