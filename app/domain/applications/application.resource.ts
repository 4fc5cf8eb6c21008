import type { ApplicationResource } from "~/contracts/applications";
import type { Application } from "~/db/generated/client";

type Row = Pick<Application, "id" | "name" | "description" | "isEnabled" | "createdAt" | "updatedAt">;

/** api.md §4. */
export function applicationResource(row: Row): ApplicationResource {
  return {
    id: row.id,
    name: row.name,
    description: row.description,
    isEnabled: row.isEnabled,
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
  };
}
