import type { RoutingReplay, RoutingSettingsInput } from "~/contracts/routing-rules";
import type { Mode } from "~/db/generated/enums";
import type { UserActor } from "~/domain/actor";
import { findApplication } from "~/domain/applications/find-application.server";
import type { Services } from "~/domain/services";
import { authorise } from "~/domain/users/permissions";
import type { ReplayChange } from "./replay.server";
import { replayDecisions } from "./replay-decisions.server";

const DAY_MS = 24 * 3600_000;
const PREVIEW_DAYS = 7;

/**
 * What settings would have changed in the last seven days, against what happened.
 * @throws AppError FORBIDDEN; NOT_FOUND for the application.
 */
export function previewRouting(
  actor: UserActor,
  input: RoutingSettingsInput & { applicationId: string; mode: Mode },
  services: Services,
): Promise<RoutingReplay> {
  const { weights, rules, ...target } = input;
  const to = services.clock.now();
  const from = new Date(to.getTime() - PREVIEW_DAYS * DAY_MS);
  return replayPeriod(actor, { ...target, from, to, change: { weights, rules } }, services);
}

/**
 * What a change would have made of the decisions of any period.
 * @throws AppError FORBIDDEN; NOT_FOUND for the application.
 */
export async function replayPeriod(
  actor: UserActor,
  input: { applicationId: string; mode: Mode; from: Date; to: Date; change: ReplayChange },
  services: Services,
): Promise<RoutingReplay> {
  authorise(actor, "routing.read");
  const { applicationId, mode, from, to, change } = input;
  await findApplication(actor, { applicationId, includeArchived: true }, services);
  const scope = { merchantId: actor.merchantId, applicationId, mode };
  return replayDecisions(scope, { from, to }, change, services);
}
