import { noRules, type RoutingReplay } from "~/contracts/routing-rules";
import type { Mode } from "~/db/generated/enums";
import type { UserActor } from "~/domain/actor";
import { getRoutingSettings, listRuleConnections } from "~/domain/routing/get-routing-settings.server";
import { replayPeriod } from "~/domain/routing/preview-routing.server";
import type { Services } from "~/domain/services";
import { isChange, type ReplayForm } from "./replay-form-schema";
import { replayPeriods } from "./replay-periods";
import { type ConnectionChoice, connectionChoices } from "./rules.presenter.server";

export interface ReplayView {
  connections: ConnectionChoice[];
  /** What counts now. */
  version: number;
  weights: { cost: number; speed: number; margin: number };
  /** Null while nothing is asked. */
  replay: RoutingReplay | null;
}

/** The what-if page. `form` is null when the address holds something that cannot be asked. */
export async function presentReplay(
  actor: UserActor,
  scope: { applicationId: string; mode: Mode },
  form: ReplayForm | null,
  services: Services,
): Promise<ReplayView> {
  const connections = connectionChoices(await listRuleConnections(actor, scope, services));
  const current = await getRoutingSettings(actor, scope, services);
  return {
    connections,
    version: current.version,
    weights: current.weights,
    replay: form === null || !isChange(form) ? null : await replay(form),
  };

  function replay({ period, off, rules, ...weights }: ReplayForm): Promise<RoutingReplay> {
    const to = services.clock.now();
    const from = new Date(to.getTime() - replayPeriods[period].hours * 3600_000);
    const given = Object.fromEntries(Object.entries(weights).filter(([, value]) => value !== undefined));
    const change = {
      weights: given,
      offConnectionId: off,
      rules: rules === "now" ? current.rules : rules === "none" ? noRules : undefined,
    };
    return replayPeriod(actor, { ...scope, from, to, change }, services);
  }
}
