import type { PaymentSession } from "~/db/generated/client";
import type { Mode } from "~/db/generated/enums";
import type { UserActor } from "~/domain/actor";
import { recordAudit } from "~/domain/audit/record-audit.server";
import type { Services } from "~/domain/services";
import { authorise } from "~/domain/users/permissions";
import { maskedEmail } from "~/lib/personal-data";
import { maskPersonalText } from "~/lib/redaction";
import { type SessionFilters, walkSessions } from "./list-sessions.server";

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
      after: { mode, format, filters: maskedFilters(filters) },
      merchantId: actor.merchantId,
    },
    services.clock.now(),
  );
  return walkSessions({ merchantId: actor.merchantId, applicationId, mode }, filters, services);
}

/** The audit log cannot be erased: it says that somebody was looked for, and not who. */
function maskedFilters({ customerEmail, q, ...filters }: SessionFilters): SessionFilters {
  return {
    ...filters,
    ...(customerEmail === undefined ? {} : { customerEmail: maskedEmail(customerEmail) }),
    ...(q === undefined ? {} : { q: maskPersonalText(q) }),
  };
}
