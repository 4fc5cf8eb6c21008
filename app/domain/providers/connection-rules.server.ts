import { z } from "zod";
import { issueMessages } from "~/contracts/common";
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

export interface ConnectionCheck {
  provider: string;
  mode: Mode;
  /** Null without; "kept" for a change that leaves those that were checked before. */
  credentials: Record<string, string> | null | "kept";
  paymentMethods: readonly string[];
  hasWebhookSecret: boolean;
  hasSimulatorSettings: boolean;
}

/**
 * What the schema cannot say of a connection: the provider is known and can be reached in that mode, the
 * credentials are what it asks for, it takes the payment methods, and the simulator is for test connections
 * without credentials (api.md §4). Gives the credentials as they are to be stored.
 * @throws AppError VALIDATION_FAILED with every problem.
 */
export function checkConnection(
  connection: ConnectionCheck,
  services: Pick<Services, "providers">,
): Record<string, string> | null {
  const { provider, mode, credentials } = connection;
  const { providers } = services;
  const isSimulated = mode === "test" && credentials === null;
  const problems: string[] = [];
  let stored: Record<string, string> | null = null;
  if (!providers.names.includes(provider)) {
    problems.push(`provider must be one of ${providers.names.join(", ")}`);
  } else if (!isSimulated) {
    const description = providers.describe(provider);
    const given = credentials === "kept" || credentials === null ? {} : credentials;
    if (description === null || providers.adapterFor({ provider, mode, credentials: given }) === null) {
      problems.push(unreachable(provider, mode));
    } else {
      if (credentials === null) problems.push("credentials is required in live mode");
      else if (credentials !== "kept") {
        const parsed = z
          .object({ credentials: description.credentials(mode) })
          .safeParse({ credentials }, { reportInput: true });
        if (parsed.success) stored = texts(parsed.data.credentials);
        else problems.push(...issueMessages(parsed.error));
      }
      connection.paymentMethods.forEach((method, index) => {
        if (!description.paymentMethods.includes(method)) {
          problems.push(`paymentMethods.${index} ${method} is not offered by ${provider}`);
        }
      });
      if (connection.hasWebhookSecret && description.webhookSecret === null) {
        problems.push(`webhookSecret is not used by ${provider}: its notices are not signed`);
      }
    }
  }
  if (connection.hasSimulatorSettings && !isSimulated) problems.push(SIMULATED_ONLY);
  if (problems.length > 0) throw new AppError("VALIDATION_FAILED", { message: problems });
  return stored;
}

function unreachable(provider: string, mode: Mode): string {
  return mode === "live"
    ? `mode live is not available for ${provider} on this server: it can be simulated in test mode`
    : `credentials cannot be used for ${provider} on this server: leave them out to have it simulated`;
}

/** Without the optional members that were left out. */
function texts(credentials: Record<string, string | undefined>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(credentials).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}
