import type { z } from "zod";
import { MAX_POINTS, type ScoresResource, type scoresQuerySchema } from "~/contracts/routing-history";
import type { UserActor } from "~/domain/actor";
import { findApplication } from "~/domain/applications/find-application.server";
import type { Services } from "~/domain/services";
import { authorise } from "~/domain/users/permissions";
import { AppError } from "~/lib/errors";
import { listOutages } from "./breaker-events.server";
import { connectionsOf, listConfigChanges, readScores } from "./read-scores.server";
import { SCORES_KEPT_MS } from "./record-scores.server";

const HOUR = 3_600_000;
/** Up to here a period is shown by the minute unless told. */
const MINUTES_UP_TO = 3 * HOUR;

/**
 * The score history of an application and mode with its outages and configuration changes.
 * @throws AppError FORBIDDEN, NOT_FOUND; VALIDATION_FAILED for a period that is none, is longer than the grain
 * is kept, or holds more points than one answer may.
 */
export async function scoreHistory(
  actor: UserActor,
  input: z.output<typeof scoresQuerySchema> & { applicationId: string },
  services: Services,
): Promise<ScoresResource> {
  authorise(actor, "routing.read");
  const { id: applicationId } = await findApplication(
    actor,
    { applicationId: input.applicationId },
    services,
  );
  const { mode, segment = null, connectionId } = input;
  const to = input.to ?? services.clock.now();
  const from = input.from ?? new Date(to.getTime() - 24 * HOUR);
  const length = to.getTime() - from.getTime();
  const grain = input.grain ?? (length <= MINUTES_UP_TO ? "minute" : "hour");
  if (length <= 0) throw invalid("to must be after from");
  if (length > SCORES_KEPT_MS[grain]) {
    throw invalid(`from must be at most ${SCORES_KEPT_MS[grain] / HOUR} hours before to for this grain`);
  }
  const scope = { merchantId: actor.merchantId, applicationId, mode };
  const connections = (await connectionsOf(scope, services)).filter(
    ({ id }) => connectionId === undefined || id === connectionId,
  );
  const connectionIds = connections.map(({ id }) => id);
  const [points, outages, configChanges] = await Promise.all([
    readScores({ connectionIds, segment, grain, from, to, limit: MAX_POINTS + 1 }, services),
    listOutages(connectionIds, { from, to }, services),
    listConfigChanges(scope, { from, to }, services),
  ]);
  if (points.length > MAX_POINTS) {
    throw invalid(
      `from and to hold more than ${MAX_POINTS} points: choose a segment, a connection or less time`,
    );
  }
  const providers = new Map(connections.map(({ id, provider }) => [id, provider]));
  const series = new Map<string, ScoresResource["series"][number]>();
  for (const { connectionId: id, segment: name, at, isDown: _, ...numbers } of points) {
    const key = `${id}|${name}`;
    const known = series.get(key) ?? {
      connectionId: id,
      provider: providers.get(id) ?? "",
      segment: name,
      points: [],
    };
    known.points.push({ at: at.toISOString(), ...numbers });
    series.set(key, known);
  }
  return {
    mode,
    grain,
    from: from.toISOString(),
    to: to.toISOString(),
    series: [...series.values()],
    outages: outages.map((outage) => ({
      connectionId: outage.connectionId,
      provider: providers.get(outage.connectionId) ?? "",
      from: outage.from.toISOString(),
      to: outage.to?.toISOString() ?? null,
    })),
    configChanges: configChanges.map((change) => ({ ...change, at: change.at.toISOString() })),
  };
}

function invalid(message: string): AppError {
  return new AppError("VALIDATION_FAILED", { message: [message] });
}
