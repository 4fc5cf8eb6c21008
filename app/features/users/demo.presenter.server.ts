import type { Services } from "~/domain/services";

/** The sign-in that the seed makes and prints. It opens nothing but the seeded demo merchant. */
export const demoSignIn = { email: "owner@demo.kadosei.test", password: "correct horse battery staple" };

export interface DemoView {
  merchantName: string;
  /** Exact. */
  testSessions: number;
}

/** The seeded demo merchant, offered for one-click sign-in on one's own machine only; null anywhere else. */
export async function presentDemo({ db, config }: Pick<Services, "db" | "config">): Promise<DemoView | null> {
  const { protocol, hostname } = new URL(config.appUrl);
  if (protocol !== "http:" || hostname !== "localhost") return null;
  const user = await db.prisma.user.findUnique({
    where: { email: demoSignIn.email },
    select: { disabledAt: true, memberships: { select: { merchant: { select: { id: true, name: true } } } } },
  });
  const merchant = user?.memberships[0]?.merchant;
  if (!user || user.disabledAt || !merchant) return null;
  const testSessions = await db.prisma.paymentSession.count({
    where: { merchantId: merchant.id, mode: "test" },
  });
  return { merchantName: merchant.name, testSessions };
}
