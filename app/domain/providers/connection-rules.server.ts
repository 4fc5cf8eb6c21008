import type { Mode } from "~/db/generated/enums";
import type { UserActor } from "~/domain/actor";
import type { Services } from "~/domain/services";
import { authorise } from "~/domain/users/permissions";
import { AppError } from "~/lib/errors";

export const SIMULATED_ONLY = "simulatorSettings is only for test mode without credentials";

/** Live connections move money: fewer roles may change them. @throws AppError FORBIDDEN. */
export function authoriseConnectionChange(actor: UserActor, mode: Mode): void {
  authorise(actor, mode === "live" ? "providers.write_live" : "providers.write_test");
}

/**
 * What the schema cannot say of a connection: the provider is known, live mode has credentials, and the
 * simulator is for test connections without them (api.md §4).
 * @throws AppError VALIDATION_FAILED.
 */
export function checkConnection(
  connection: {
    provider: string;
    mode: Mode;
    credentials: Record<string, string> | null;
    hasSimulatorSettings: boolean;
  },
  services: Services,
): void {
  const { provider, mode, credentials } = connection;
  const problems: string[] = [];
  const needed = mode === "live" ? (credentials ?? {}) : credentials;
  if (!services.providers.names.includes(provider)) {
    problems.push(`provider must be one of ${services.providers.names.join(", ")}`);
  } else if (services.providers.adapterFor({ provider, mode, credentials: needed }) === null) {
    problems.push(
      mode === "live"
        ? `mode live is not available for ${provider} yet: it can be simulated in test mode`
        : `credentials cannot be used for ${provider} yet: leave them out to have it simulated`,
    );
  } else if (mode === "live" && credentials === null) {
    problems.push("credentials is required in live mode");
  }
  if (connection.hasSimulatorSettings && (mode === "live" || credentials !== null)) {
    problems.push(SIMULATED_ONLY);
  }
  if (problems.length > 0) throw new AppError("VALIDATION_FAILED", { message: problems });
}
