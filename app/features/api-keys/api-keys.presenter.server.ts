import { type Page, type PageQuery, toPage } from "~/contracts/common";
import type { Mode } from "~/db/generated/enums";
import type { UserActor } from "~/domain/actor";
import type { Services } from "~/domain/services";

/** An expiry this near is worth a warning. */
const SOON_MS = 7 * 24 * 3600_000;

export interface ApiKeyRow {
  id: string;
  description: string;
  /** The first 12 characters. */
  keyPrefix: string;
  mode: Mode;
  /** rolled: replaced, and working until `expiresAt`; archived: it would work, but its application is archived. */
  state: "working" | "expiring" | "rolled" | "expired" | "revoked" | "archived";
  createdAt: string;
  /** Null when it was made by the API or by a user who is gone. */
  createdBy: string | null;
  lastUsedAt: string | null;
  lastUsedIp: string | null;
  expiresAt: string | null;
  revokedAt: string | null;
  revokedBy: string | null;
}

export interface ApiKeysView {
  page: Page<ApiKeyRow>;
  /** The key that `?roll=` or `?revoke=` names, on whatever page it is; null when that cannot be done any more. */
  chosen: ApiKeyRow | null;
}

type Raw = Awaited<ReturnType<Services["db"]["prisma"]["apiKey"]["findMany"]>>[number];

function stateOf(key: Raw, isArchived: boolean, now: Date): ApiKeyRow["state"] {
  if (key.revokedAt) return "revoked";
  if (key.expiresAt && key.expiresAt <= now) return "expired";
  if (isArchived) return "archived";
  if (key.rolledToId) return "rolled";
  return key.expiresAt && key.expiresAt.getTime() - now.getTime() < SOON_MS ? "expiring" : "working";
}

/** The keys of one application and mode, newest first. */
export async function presentApiKeys(
  actor: UserActor,
  scope: { applicationId: string; isArchived: boolean; mode: Mode; chosenId: string | null },
  query: PageQuery,
  { db, clock }: Pick<Services, "db" | "clock">,
): Promise<ApiKeysView> {
  const where = { merchantId: actor.merchantId, applicationId: scope.applicationId, mode: scope.mode };
  const [totalItems, keys, chosen] = await Promise.all([
    db.prisma.apiKey.count({ where }),
    db.prisma.apiKey.findMany({
      where,
      orderBy: [{ createdAt: "desc" }, { id: "desc" }],
      take: query.limit,
      skip: (query.page - 1) * query.limit,
    }),
    scope.chosenId ? db.prisma.apiKey.findFirst({ where: { ...where, id: scope.chosenId } }) : null,
  ]);
  const userIds = [...keys, ...(chosen ? [chosen] : [])].flatMap((key) => [key.createdById, key.revokedById]);
  const users = await db.prisma.user.findMany({
    where: { id: { in: [...new Set(userIds.filter((id) => id !== null))] } },
    select: { id: true, firstName: true, lastName: true },
  });
  const names = new Map(users.map((user) => [user.id, `${user.firstName} ${user.lastName}`]));
  const now = clock.now();
  const toRow = (key: Raw): ApiKeyRow => ({
    id: key.id,
    description: key.description,
    keyPrefix: key.keyPrefix,
    mode: key.mode,
    state: stateOf(key, scope.isArchived, now),
    createdAt: key.createdAt.toISOString(),
    createdBy: names.get(key.createdById ?? "") ?? null,
    lastUsedAt: key.lastUsedAt?.toISOString() ?? null,
    lastUsedIp: key.lastUsedIp,
    expiresAt: key.expiresAt?.toISOString() ?? null,
    revokedAt: key.revokedAt?.toISOString() ?? null,
    revokedBy: names.get(key.revokedById ?? "") ?? null,
  });
  return { page: toPage(keys.map(toRow), totalItems, query), chosen: chosen ? toRow(chosen) : null };
}
