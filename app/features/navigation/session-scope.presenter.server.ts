import type { UserActor } from "~/domain/actor";
import type { Services } from "~/domain/services";
import type { Scope } from "./navigation.presenter.server";

/** The application and mode of a payment session; null when the merchant has none of that id. */
export async function presentSessionScope(
  actor: UserActor,
  sessionId: string,
  { db }: Pick<Services, "db">,
): Promise<Scope | null> {
  return db.prisma.paymentSession.findFirst({
    where: { id: sessionId, merchantId: actor.merchantId },
    select: { applicationId: true, mode: true },
  });
}
