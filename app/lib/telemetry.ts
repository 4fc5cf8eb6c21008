/** What the operator of Kadosei measures: counts for Prometheus and traces for OpenTelemetry (docs/operations.md). */
export interface Telemetry {
  /** An answered HTTP request. `route` is a pattern, never an address. */
  request(labels: { method: string; route: string; status: number }, ms: number): void;
  /** One call to a provider to make a checkout. */
  providerCreate(labels: { provider: string; mode: string; result: string }, ms: number): void;
  /** Routing's first choice for a session. */
  routingChoice(labels: { provider: string; mode: string; explored: boolean }): void;
  /** One run of a job. */
  job(labels: { job: string; result: "done" | "failed" }, ms: number): void;
  /**
   * Runs `work` as a span of the current trace, or as the first of a new one; of `parent`'s, a traceparent, where it
   * is given. Without tracing it only runs it.
   */
  span<T>(
    name: string,
    attributes: Readonly<Record<string, string | number | boolean>>,
    work: () => Promise<T>,
    parent?: string | null,
  ): Promise<T>;
  /** The running span as a W3C traceparent, to go on from in a job; null when nothing is traced. */
  traceparent(): string | null;
  /** What this process counted, as JSON can carry it; null where nothing is counted. */
  processMetrics: ((own: OwnReadings) => Promise<ProcessMetrics>) | null;
  /** What all processes counted, and `readings`, as Prometheus reads it; null where nothing is counted. */
  exposition: ((readings: Readings, processes: readonly CountedProcess[]) => Promise<Exposition>) | null;
  /** Sends the spans that wait. */
  stop(): Promise<void>;
}

/** Metrics with their values: prom-client's own shape, which only lib/metrics.server.ts looks into. */
export type ProcessMetrics = readonly object[];

export interface CountedProcess {
  /** Becomes the label `server` of all it counted; null where there is one process. */
  server: number | null;
  metrics: ProcessMetrics;
}

export interface Exposition {
  text: string;
  contentType: string;
}

/** What is read of a process when Prometheus asks. */
export interface OwnReadings {
  /** Null with the embedded database. */
  pool: { total: number; idle: number; waiting: number } | null;
  /** Calls that this process could not write to the API request log. */
  apiLogDropped: number;
}

/** What is read when Prometheus asks, because the database knows it better than any one process. */
export interface Readings {
  /** Jobs that are not finished. `oldestSeconds`: how long the oldest of them has been due. */
  jobs: readonly { job: string; state: string; count: number; oldestSeconds: number }[];
  webhooks: { pending: number; oldestDueSeconds: number };
  /** All there are, by how they stand. `provider` is empty before one was chosen. */
  sessions: readonly { provider: string; mode: string; status: string; count: number }[];
}

/** Counts nothing and traces nothing. */
export const noTelemetry: Telemetry = {
  request: () => undefined,
  providerCreate: () => undefined,
  routingChoice: () => undefined,
  job: () => undefined,
  span: (_name, _attributes, work) => work(),
  traceparent: () => null,
  processMetrics: null,
  exposition: null,
  stop: async () => undefined,
};
