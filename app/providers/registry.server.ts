import { type Clock, systemClock } from "~/lib/clock";
import type { ProviderRegistry } from "./port";
import { createSimulatorAdapter } from "./simulator/adapter.server";
import type { SimulatorBackend } from "./simulator/backend";

/** Providers that a connection may name. */
export const providerNames = ["stripe", "kiotapay"] as const;

export interface RegistryParts {
  /** domain/simulator's books. */
  simulator: SimulatorBackend;
  clock?: Clock;
}

/**
 * Which adapter serves a connection: the simulator plays every provider for test connections without
 * credentials. Connections with credentials have none yet, so routing cannot choose them.
 */
export function createProviderRegistry({ simulator, clock = systemClock }: RegistryParts): ProviderRegistry {
  const simulated = createSimulatorAdapter(simulator, clock);
  const known = new Set<string>(providerNames);
  return {
    names: providerNames,
    adapterFor: ({ provider, mode, credentials }) =>
      known.has(provider) && mode === "test" && credentials === null ? simulated : null,
  };
}
