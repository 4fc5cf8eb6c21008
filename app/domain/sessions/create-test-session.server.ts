import { exampleSessionBody } from "~/contracts/example-session";
import { sessionCreateSchemas } from "~/contracts/sessions";
import type { UserActor } from "~/domain/actor";
import { applicationArchived } from "~/domain/applications/application.server";
import { recordAudit } from "~/domain/audit/record-audit.server";
import { fingerprintBody } from "~/domain/idempotency/canonical-body.server";
import type { Services } from "~/domain/services";
import { AppError } from "~/lib/errors";
import { randomBase62 } from "~/lib/ids";
import { createSession } from "./create-session.server";

/**
 * A test session from the dashboard, to be paid by hand: the documentation's example under a fresh
 * order reference. Returns its id, also when every provider refused.
 * @throws AppError as createSession does.
 */
export async function createTestSession(
  actor: UserActor,
  input: { applicationId: string },
  services: Services,
): Promise<{ sessionId: string }> {
  const application = await services.db.prisma.application.findFirst({
    where: { id: input.applicationId, merchantId: actor.merchantId },
    select: { id: true, archivedAt: true },
  });
  if (application === null) throw new AppError("NOT_FOUND");
  if (application.archivedAt !== null) throw applicationArchived();
  const body = {
    ...exampleSessionBody(services.config.appUrl),
    orderReference: `TEST-${randomBase62(6).toUpperCase()}`,
  };
  const response = await createSession(
    actor,
    {
      merchantId: actor.merchantId,
      applicationId: application.id,
      mode: "test",
      idempotencyKey: null,
      body: sessionCreateSchemas.test.parse(body),
      fingerprint: fingerprintBody(body),
    },
    services,
  );
  const { sessionId } = JSON.parse(response.body) as { sessionId: string };
  await recordAudit(
    services.db,
    actor,
    {
      action: "payment_session.created",
      targetType: "payment_session",
      targetId: sessionId,
      targetLabel: body.orderReference,
      after: { mode: "test", applicationId: application.id },
      merchantId: actor.merchantId,
    },
    services.clock.now(),
  );
  return { sessionId };
}
