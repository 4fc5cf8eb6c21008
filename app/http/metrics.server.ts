import { timingSafeEqual } from "node:crypto";
import { readReadings } from "~/domain/telemetry/read-readings.server";
import { sha256 } from "~/lib/crypto.server";
import type { RunningServices } from "~/services.server";

export type MetricsServices = Pick<
  RunningServices,
  "env" | "telemetry" | "db" | "apiLog" | "clock" | "jobs" | "log"
>;

/** Answers Prometheus; null without METRICS_TOKEN: then the address does not exist. */
export async function metricsResponse(request: Request, services: MetricsServices): Promise<Response | null> {
  const { env, telemetry, jobs } = services;
  const { exposition } = telemetry;
  if (env.METRICS_TOKEN === undefined || exposition === null) return null;
  const given = /^Bearer (.+)$/i.exec(request.headers.get("authorization") ?? "")?.[1] ?? "";
  // Of equal length, whatever was sent.
  if (!timingSafeEqual(sha256(given), sha256(env.METRICS_TOKEN))) {
    return new Response("Unauthorized\n", { status: 401, headers: { "www-authenticate": "Bearer" } });
  }
  try {
    const { text, contentType } = await exposition(await readReadings(services, jobs));
    return new Response(text, { headers: { "content-type": contentType } });
  } catch (error) {
    services.log.error({ err: error }, "the metrics could not be read");
    return new Response("Service Unavailable\n", { status: 503 });
  }
}
