import { timingSafeEqual } from "node:crypto";
import { readReadings } from "~/domain/telemetry/read-readings.server";
import { sha256 } from "~/lib/crypto.server";
import type { CountedProcess, ProcessMetrics } from "~/lib/telemetry";
import type { RunningServices } from "~/services.server";

export type MetricsServices = Pick<
  RunningServices,
  "env" | "telemetry" | "db" | "apiLog" | "clock" | "jobs" | "log"
>;

/** What each server of a NODE_CLUSTER says of itself: its `processMetrics`. */
export type AskCluster = () => Promise<{ server: number; answer: unknown }[]>;

/** What this process counted; empty without METRICS_TOKEN. */
export async function processMetrics({
  telemetry,
  db,
  apiLog,
}: Pick<MetricsServices, "telemetry" | "db" | "apiLog">): Promise<ProcessMetrics> {
  return (await telemetry.processMetrics?.({ pool: db.pool(), apiLogDropped: apiLog.dropped })) ?? [];
}

/** Answers Prometheus, for all servers of a cluster; null without METRICS_TOKEN: then the address does not exist. */
export async function metricsResponse(
  request: Request,
  services: MetricsServices,
  askCluster: AskCluster | undefined,
): Promise<Response | null> {
  const { env, telemetry, jobs } = services;
  const { exposition } = telemetry;
  if (env.METRICS_TOKEN === undefined || exposition === null) return null;
  const given = /^Bearer (.+)$/i.exec(request.headers.get("authorization") ?? "")?.[1] ?? "";
  // Of equal length, whatever was sent.
  if (!timingSafeEqual(sha256(given), sha256(env.METRICS_TOKEN))) {
    return new Response("Unauthorized\n", { status: 401, headers: { "www-authenticate": "Bearer" } });
  }
  try {
    const [readings, processes] = await Promise.all([
      readReadings(services, jobs),
      countedProcesses(services, askCluster),
    ]);
    const { text, contentType } = await exposition(readings, processes);
    return new Response(text, { headers: { "content-type": contentType } });
  } catch (error) {
    services.log.error({ err: error }, "the metrics could not be read");
    return new Response("Service Unavailable\n", { status: 503 });
  }
}

async function countedProcesses(
  services: MetricsServices,
  askCluster: AskCluster | undefined,
): Promise<CountedProcess[]> {
  if (askCluster === undefined) return [{ server: null, metrics: await processMetrics(services) }];
  const answers = await askCluster();
  return answers
    .sort((a, b) => a.server - b.server)
    .map(({ server, answer }) => ({ server, metrics: answer as ProcessMetrics }));
}
