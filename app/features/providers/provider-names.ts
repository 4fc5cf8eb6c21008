const names: Record<string, string> = { stripe: "Stripe", kiotapay: "Kiotapay" };

/** A provider as it writes itself; unknown ones with a capital. */
export function providerName(provider: string): string {
  return names[provider] ?? provider.charAt(0).toUpperCase() + provider.slice(1);
}
