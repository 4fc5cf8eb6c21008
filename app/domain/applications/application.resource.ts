import type { ApplicationResource } from "~/contracts/applications";
import type { Application } from "~/db/generated/client";

type Row = Pick<
  Application,
  "id" | "name" | "description" | "isEnabled" | "unfulfilledAfterMinutes" | "createdAt" | "updatedAt"
>;

/** api.md §4. */
export function applicationResource(row: Row): ApplicationResource {
  return {
    id: row.id,
    name: row.name,
    description: row.description,
    isEnabled: row.isEnabled,
    unfulfilledAfterMinutes: row.unfulfilledAfterMinutes,
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
  };
}
