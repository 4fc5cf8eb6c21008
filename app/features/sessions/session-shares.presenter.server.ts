import type { Services } from "~/domain/services";

export interface ShareView {
  id: string;
  provider: string;
  label: string | null;
  by: string;
  /** ISO 8601, as are the others. */
  expiresAt: string;
  views: number;
  lastViewedAt: string | null;
}

/** The links to a session that still work, newest first, and how often each was looked at. */
export async function presentShares(
  { merchantId, sessionId }: { merchantId: string; sessionId: string },
  services: Pick<Services, "db" | "clock">,
): Promise<ShareView[]> {
  const { prisma } = services.db;
  const links = await prisma.shareLink.findMany({
    where: { merchantId, sessionId, revokedAt: null, expiresAt: { gt: services.clock.now() } },
    orderBy: [{ createdAt: "desc" }, { id: "desc" }],
  });
  if (links.length === 0) return [];
  const [views, makers] = await Promise.all([
    prisma.auditLog.groupBy({
      by: ["targetId"],
      where: {
        merchantId,
        targetType: "share_link",
        targetId: { in: links.map(({ id }) => id) },
        action: "share_link.viewed",
      },
      _count: { id: true },
      _max: { createdAt: true },
    }),
    prisma.user.findMany({
      where: { id: { in: links.map(({ createdById }) => createdById) } },
      select: { id: true, firstName: true, lastName: true },
    }),
  ]);
  return links.map((link) => {
    const seen = views.find(({ targetId }) => targetId === link.id);
    const maker = makers.find(({ id }) => id === link.createdById);
    return {
      id: link.id,
      provider: link.provider ?? "the provider",
      label: link.label,
      by: maker ? `${maker.firstName} ${maker.lastName}` : "Somebody who has left",
      expiresAt: link.expiresAt.toISOString(),
      views: seen?._count.id ?? 0,
      lastViewedAt: seen?._max.createdAt?.toISOString() ?? null,
    };
  });
}
