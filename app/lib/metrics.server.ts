import {
  AggregatorRegistry,
  Counter,
  collectDefaultMetrics,
  Gauge,
  Histogram,
  type MetricObjectWithValues,
  type MetricValue,
  Registry,
} from "prom-client";
import type { CountedProcess, OwnReadings, Readings, Telemetry } from "./telemetry";

type Metrics = Pick<Telemetry, "request" | "providerCreate" | "routingChoice" | "job"> & {
  [Name in "processMetrics" | "exposition"]: NonNullable<Telemetry[Name]>;
};

/** In seconds: from a read to a create that goes through several providers. */
const LATENCY = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
const METHODS = new Set(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]);

/**
 * The metrics of this process, and those of the database apart from them. Every label takes values from a list that
 * the program has: patterns of routes, methods, statuses, adapters, states and names of jobs.
 */
export function createMetrics(): Metrics {
  const registry = new Registry();
  const shared = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  const latency = <Label extends string>(name: string, help: string, labelNames: readonly Label[]) =>
    new Histogram({ name, help, labelNames, buckets: LATENCY, registers });
  const counter = <Label extends string>(name: string, help: string, labelNames: readonly Label[]) =>
    new Counter({ name, help, labelNames, registers });
  const gauge = <Label extends string>(
    name: string,
    help: string,
    labelNames: readonly Label[],
    of: Registry = shared,
  ) => new Gauge({ name, help, labelNames, registers: [of] });

  const requests = latency(
    "kadosei_http_request_duration_seconds",
    "Answered requests and how long they took",
    ["method", "route", "status"],
  );
  const creates = latency(
    "kadosei_provider_create_duration_seconds",
    "Calls to providers that make a checkout",
    ["provider", "mode", "result"],
  );
  const choices = counter(
    "kadosei_routing_choices_total",
    "Sessions by the provider that routing chose first",
    ["provider", "mode", "explored"],
  );
  const jobRuns = latency("kadosei_job_duration_seconds", "Runs of jobs and how they ended", [
    "job",
    "result",
  ]);
  const jobs = gauge("kadosei_jobs", "Jobs that are not finished, by state", ["job", "state"]);
  const jobAge = gauge("kadosei_job_oldest_due_seconds", "How long the oldest job has been due", [
    "job",
    "state",
  ]);
  const webhooks = gauge(
    "kadosei_webhook_deliveries_pending",
    "Webhook deliveries that are not finished",
    [],
  );
  const webhookAge = gauge(
    "kadosei_webhook_oldest_due_seconds",
    "How long the oldest webhook delivery has been due",
    [],
  );
  const sessions = gauge("kadosei_sessions", "Payment sessions by provider and status", [
    "provider",
    "mode",
    "status",
  ]);
  const pool = gauge(
    "kadosei_database_connections",
    "Connections of the pool, and calls that wait for one",
    ["state"],
    registry,
  );
  const dropped = gauge(
    "kadosei_api_log_dropped",
    "API calls that could not be logged since the start",
    [],
    registry,
  );

  return {
    request: ({ method, route, status }, ms) =>
      requests.observe({ method: METHODS.has(method) ? method : "OTHER", route, status }, ms / 1000),
    providerCreate: (labels, ms) => creates.observe(labels, ms / 1000),
    routingChoice: ({ explored, ...labels }) => choices.inc({ ...labels, explored: String(explored) }),
    job: (labels, ms) => jobRuns.observe(labels, ms / 1000),
    async processMetrics(own: OwnReadings) {
      pool.reset();
      for (const [state, count] of Object.entries(own.pool ?? {})) pool.set({ state }, count);
      dropped.set(own.apiLogDropped);
      return registry.getMetricsAsJSON();
    },
    async exposition(readings: Readings, processes: readonly CountedProcess[]) {
      for (const gone of [jobs, jobAge, sessions]) gone.reset();
      for (const { job, state, count, oldestSeconds } of readings.jobs) {
        jobs.set({ job, state }, count);
        jobAge.set({ job, state }, oldestSeconds);
      }
      webhooks.set(readings.webhooks.pending);
      webhookAge.set(readings.webhooks.oldestDueSeconds);
      for (const { count, ...labels } of readings.sessions) sessions.set(labels, count);
      const counted = await AggregatorRegistry.aggregate(processes.map(labelled)).metrics();
      return { text: `${counted}\n${await shared.metrics()}`, contentType: registry.contentType };
    },
  };
}

/** With the server's number, so that nothing of one is added to another's: a sum would fall when one of them dies. */
function labelled({ server, metrics }: CountedProcess) {
  return (metrics as MetricObjectWithValues<MetricValue<string>>[]).map((metric) => ({
    ...metric,
    aggregator: "sum" as const,
    values: metric.values.map((value) => ({
      ...value,
      labels: { ...value.labels, ...(server === null ? {} : { server: String(server) }) },
    })),
  }));
}
