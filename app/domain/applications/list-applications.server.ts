import { type Page, type PageQuery, toPage } from "~/contracts/common";
import type { UserActor } from "~/domain/actor";
import type { Services } from "~/domain/services";
import { authorise } from "~/domain/users/permissions";
import type { ApplicationRow } from "./application.server";

/** The merchant's applications that are not archived, newest first; the total is exact (api.md §3). */
export async function listApplications(
  actor: UserActor,
  input: PageQuery,
  services: Services,
): Promise<Page<ApplicationRow>> {
  authorise(actor, "applications.read");
  const where = { merchantId: actor.merchantId, archivedAt: null };
  const [rows, total] = await services.db.prisma.$transaction([
    services.db.prisma.application.findMany({
      where,
      orderBy: [{ createdAt: "desc" }, { id: "desc" }],
      skip: (input.page - 1) * input.limit,
      take: input.limit,
    }),
    services.db.prisma.application.count({ where }),
  ]);
  return toPage(rows, total, input);
}
