/** How the simulator behaves for one connection. */
export interface SimulatorSettings {
  /** Share of payments that would succeed and really do, 0–1. */
  successRate: number;
  /** Wait before each answer of its API, in milliseconds. */
  latencyMs: number;
  /** `refuse` answers 503 at once; `timeout` never answers. */
  outage: "none" | "refuse" | "timeout";
}

/** Longer waits than any caller has patience for only hold sockets. */
const MAX_LATENCY_MS = 60_000;

/** Reads stored settings; what is missing or senseless is as if the provider were well. */
export function parseSimulatorSettings(stored: unknown): SimulatorSettings {
  const given = typeof stored === "object" && stored !== null ? (stored as Record<string, unknown>) : {};
  const { successRate, latencyMs, outage } = given;
  return {
    successRate: isFiniteNumber(successRate) ? Math.min(1, Math.max(0, successRate)) : 1,
    latencyMs: isFiniteNumber(latencyMs) ? Math.min(MAX_LATENCY_MS, Math.max(0, latencyMs)) : 0,
    outage: outage === "refuse" || outage === "timeout" ? outage : "none",
  };
}

function isFiniteNumber(value: unknown): value is number {
  return typeof value === "number" && Number.isFinite(value);
}
