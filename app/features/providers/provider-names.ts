import type { ConnectionTestStatus } from "~/contracts/providers";
import { firstUpper } from "~/lib/first-upper";

const names: Record<string, string> = { stripe: "Stripe", kiotapay: "Kiotapay" };

/** A provider as it writes itself; unknown ones with a capital. */
export function providerName(provider: string): string {
  return names[provider] ?? firstUpper(provider);
}

/** How a test of a connection ended. */
export const testWords: Record<ConnectionTestStatus, string> = {
  ok: "Credentials accepted",
  bad_credentials: "Credentials refused",
  rejected: "Refused",
  rate_limited: "Too many requests",
  provider_error: "Provider failed",
  connect_error: "Not reachable",
  timeout: "No answer in time",
};
