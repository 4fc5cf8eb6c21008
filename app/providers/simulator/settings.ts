import type { SimulatorSettings } from "~/contracts/providers";

/** Longer waits than any caller has patience for only hold sockets. */
const MAX_LATENCY_MS = 10_000;

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
