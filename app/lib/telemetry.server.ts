import { noTelemetry, type Telemetry } from "./telemetry";

export interface TelemetryOptions {
  /** Whether anything may read the metrics. */
  metrics: boolean;
  /** Base address of an OTLP/HTTP collector; undefined traces nothing. */
  otlpEndpoint: string | undefined;
}

/** Loads only what is asked for: without a token and an endpoint neither library is read. */
export async function createTelemetry({ metrics, otlpEndpoint }: TelemetryOptions): Promise<Telemetry> {
  const counted = metrics ? (await import("./metrics.server")).createMetrics() : {};
  const traced =
    otlpEndpoint === undefined ? {} : (await import("./tracing.server")).createTracing(otlpEndpoint);
  return { ...noTelemetry, ...counted, ...traced };
}
