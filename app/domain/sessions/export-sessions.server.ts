import type { PaymentSession } from "~/db/generated/client";
import type { Mode } from "~/db/generated/enums";
import type { UserActor } from "~/domain/actor";
import { recordAudit } from "~/domain/audit/record-audit.server";
import type { Services } from "~/domain/services";
import { authorise } from "~/domain/users/permissions";
import { maskedEmail, maskPersonalText } from "~/lib/redaction";
import { type SessionFilters, walkSessions } from "./list-sessions.server";

/** A customer's address would stay in the log for ever. */
function withoutPeople(filters: SessionFilters) {
  const { customerEmail, q, ...others } = filters;
  return {
    ...others,
    ...(customerEmail && { customerEmail: maskedEmail(customerEmail) }),
    ...(q && { q: maskPersonalText(q) }),
  };
}

/**
 * The sessions of an application and mode that the filters leave, newest first, in batches. Customers' data
 * leaves the house: the audit log says who took it, and by which filters.
 * @throws AppError FORBIDDEN.
 */
export async function exportSessions(
  actor: UserActor,
  input: {
    applicationId: string;
    applicationName: string;
    mode: Mode;
    filters: SessionFilters;
    format: string;
  },
  services: Services,
): Promise<AsyncGenerator<PaymentSession[]>> {
  authorise(actor, "sessions.export");
  const { applicationId, applicationName, mode, filters, format } = input;
  await recordAudit(
    services.db,
    actor,
    {
      action: "payment_sessions.exported",
      targetType: "application",
      targetId: applicationId,
      targetLabel: applicationName,
      after: { mode, format, filters: withoutPeople(filters) },
      merchantId: actor.merchantId,
    },
    services.clock.now(),
  );
  return walkSessions({ merchantId: actor.merchantId, applicationId, mode }, filters, services);
}
