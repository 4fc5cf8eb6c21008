import type { Mode } from "~/db/generated/enums";
import { type Clock, systemClock } from "~/lib/clock";
import type { Env } from "~/lib/env";
import { createAdyenAdapter } from "./adyen/adapter.server";
import { adyen } from "./adyen/description";
import { credentialFields } from "./fields";
import { createKiotapayAdapter } from "./kiotapay/adapter.server";
import { kiotapay } from "./kiotapay/description";
import { createMollieAdapter } from "./mollie/adapter.server";
import { mollie } from "./mollie/description";
import type { ProviderAdapter, ProviderDescription, ProviderRegistry } from "./port";
import { createSimulatorAdapter } from "./simulator/adapter.server";
import type { SimulatorBackend } from "./simulator/backend";
import { createStripeAdapter } from "./stripe/adapter.server";
import { stripe } from "./stripe/description";

/** Providers that a connection may name. */
export const providerNames = ["stripe", "adyen", "mollie", "kiotapay"] as const;
type ProviderName = (typeof providerNames)[number];

export interface RegistryParts {
  /** domain/simulator's books. */
  simulator: SimulatorBackend;
  clock?: Clock;
  /** Where the providers' APIs are, where it is not their own address: the operator's environment. */
  baseUrls?: Partial<Pick<Env, Extract<keyof Env, `${string}_BASE_URL`>>>;
}

interface Provider {
  description: ProviderDescription;
  /** By mode; null where this process cannot reach the provider in it. */
  adapters: Record<Mode, ProviderAdapter | null>;
}

/**
 * Which adapter serves a connection: the simulator plays every provider for test connections without
 * credentials; a connection with credentials, or in live mode, is the real provider's.
 */
export function createProviderRegistry({
  simulator,
  clock = systemClock,
  baseUrls = {},
}: RegistryParts): ProviderRegistry {
  const simulated = createSimulatorAdapter(simulator, clock);
  const providers = new Map<string, Provider>(Object.entries(realProviders(clock, baseUrls)));
  return {
    names: providerNames,
    describe: (provider) => providers.get(provider)?.description ?? null,
    credentialFields: (provider, mode) => {
      const known = providers.get(provider);
      return known === undefined ? [] : credentialFields(known.description, mode);
    },
    adapterFor: ({ provider, mode, credentials }) => {
      const known = providers.get(provider);
      if (known === undefined) return null;
      return mode === "test" && credentials === null ? simulated : known.adapters[mode];
    },
  };
}

/** One entry for each folder beside this file. */
function realProviders(
  clock: Clock,
  baseUrls: NonNullable<RegistryParts["baseUrls"]>,
): Record<ProviderName, Provider> {
  /** A provider whose adapter serves both modes: the credentials say which. */
  const inBothModes = (description: ProviderDescription, adapter: ProviderAdapter): Provider => ({
    description,
    adapters: { test: adapter, live: adapter },
  });
  const { KIOTAPAY_BASE_URL, KIOTAPAY_SANDBOX_BASE_URL } = baseUrls;
  return {
    stripe: inBothModes(stripe, createStripeAdapter({ baseUrl: baseUrls.STRIPE_BASE_URL, clock })),
    adyen: inBothModes(adyen, createAdyenAdapter({ baseUrl: baseUrls.ADYEN_BASE_URL })),
    mollie: inBothModes(mollie, createMollieAdapter({ baseUrl: baseUrls.MOLLIE_BASE_URL, clock })),
    kiotapay: {
      description: kiotapay,
      adapters: {
        test: createKiotapayAdapter({ baseUrl: KIOTAPAY_SANDBOX_BASE_URL, clock }),
        // Its documentation names the sandbox only.
        live: KIOTAPAY_BASE_URL ? createKiotapayAdapter({ baseUrl: KIOTAPAY_BASE_URL, clock }) : null,
      },
    },
  };
}
