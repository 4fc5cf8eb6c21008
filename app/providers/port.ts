import type { z } from "zod";
import type { Mode } from "~/db/generated/enums";

/** What a provider is asked to make: a hosted checkout for one session. */
export interface CheckoutRequest {
  /** Ours, unique per session; the provider can be asked for it later. */
  reference: string;
  /** The same on every repetition of this attempt, so that the provider makes one checkout. */
  idempotencyKey: string;
  /** Minor units of `currency`. */
  amount: bigint;
  currency: string;
  paymentMethod: string;
  description: string;
  merchantName: string;
  customer: { email: string | null; phone: string | null; firstName: string | null; lastName: string | null };
  locale: string | null;
  /** Our own pages: the provider sends the customer's browser there. */
  returnUrl: string;
  cancelUrl: string;
  /** Where this connection's notices go (api.md §7), for a provider that is told with each checkout. */
  notifyUrl: string;
  expiresAt: Date;
}

/** One exchange with a provider, redacted before it leaves the adapter. */
export interface Exchange {
  request: { method: string; url: string; headers: Record<string, string>; body: unknown };
  response: { status: number; headers: Record<string, string>; body: unknown } | null;
}

export interface CheckoutCreated {
  /** The provider's id of the checkout. */
  providerReference: string;
  /** Where the customer pays. */
  checkoutUrl: string;
  exchange: Exchange;
}

export type RefusalReason =
  | "timeout"
  | "connect_error"
  | "provider_error"
  | "rate_limited"
  | "rejected"
  | "bad_credentials";

/** The provider did not make a checkout, or did not say so in time (api.md §5.3). */
export class ProviderRefusal extends Error {
  constructor(
    readonly reason: RefusalReason,
    message: string,
    readonly exchange: Exchange | null = null,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = "ProviderRefusal";
  }
}

export type ProviderState = "PENDING" | "REQUIRES_ACTION" | "PROCESSING" | "SUCCEEDED" | "FAILED" | "EXPIRED";

/** What the provider says of a checkout, in our words. */
export interface ProviderCheckoutState {
  providerReference: string;
  state: ProviderState;
  /** Minor units that were, or are to be, paid. Compared with the session's. */
  amount: bigint;
  currency: string;
  /** The provider's own code of a failure, and our reason for it (contracts/failure-reasons.ts). */
  failureCode: string | null;
  failureReason: string | null;
  card: { brand: string; last4: string } | null;
  payerPhoneLast3: string | null;
}

/** A notice from the provider, after its signature was checked. */
export interface ProviderEvent {
  /** The provider's id of the event: it is stored once. `hintId` (notice.server.ts) where notices have none. */
  eventId: string;
  type: string;
  occurredAt: Date;
  /** Null when the notice names the checkout by our reference only. */
  providerReference: string | null;
  /** Ours, where the notice carries it: finds a checkout whose create was never answered. */
  reference?: string | null;
  /** Null when the notice cannot be trusted to say it: then the state is fetched (api.md §7). */
  state: ProviderCheckoutState | null;
  isVerified: boolean;
  /** The notice, redacted. */
  payload: unknown;
}

/** Thrown by `parseEvent` for a body that was not signed by the provider. Changes nothing. */
export class InvalidEventSignature extends Error {
  constructor(message = "the signature does not match the body") {
    super(message);
    this.name = "InvalidEventSignature";
  }
}

/** The connection as an adapter sees it: decrypted, and nothing of the database. */
export interface ConnectionContext {
  connectionId: string;
  provider: string;
  mode: Mode;
  credentials: Record<string, string> | null;
  webhookSecret: string | null;
  simulatorSettings: unknown;
}

/** The port: one folder of app/providers/ implements it for one provider. */
export interface ProviderAdapter {
  /** @throws ProviderRefusal for everything but a made checkout; aborts when `signal` does. */
  createCheckout(
    connection: ConnectionContext,
    request: CheckoutRequest,
    signal: AbortSignal,
  ): Promise<CheckoutCreated>;
  /**
   * By our reference; null when the provider has none. `unanswered` is the create that got no answer, for a
   * provider that cannot be asked, only told again: by its idempotency key that makes no second checkout.
   * @throws ProviderRefusal when it cannot say.
   */
  findCheckout(
    connection: ConnectionContext,
    reference: string,
    signal: AbortSignal,
    unanswered?: CheckoutRequest,
  ): Promise<(ProviderCheckoutState & { checkoutUrl: string | null }) | null>;
  /** By the provider's reference. @throws ProviderRefusal. */
  fetchState(
    connection: ConnectionContext,
    providerReference: string,
    signal: AbortSignal,
  ): Promise<ProviderCheckoutState>;
  /** Verifies over the raw body, then parses. @throws InvalidEventSignature; SyntaxError for a body that is no event. */
  parseEvent(connection: ConnectionContext, rawBody: Uint8Array, headers: Headers): ProviderEvent[];
  /**
   * One cheap authenticated call that changes nothing at the provider: resolves when it lets the
   * credentials in, and says that they can create checkouts as far as reading can tell
   * (`POST …/providers/{connectionId}/test`).
   * @throws ProviderRefusal: `bad_credentials` for a 401 or 403, else as `createCheckout`.
   */
  checkCredentials(connection: ConnectionContext, signal: AbortSignal): Promise<void>;
}

/** One field of a connection's credentials, for a form or a document. */
export interface CredentialField {
  name: string;
  label: string;
  /** Where the merchant finds it. */
  hint: string;
  /** True when it must not be shown once it was entered. */
  isSecret: boolean;
  isRequired: boolean;
}

/** What a connection to a provider needs and can do; reaches forms and documents, so it holds no code of a server. */
export interface ProviderDescription {
  /** As the provider writes itself. */
  label: string;
  /** The credentials of a connection in that mode: each member made by `secretField` or `plainField` (fields.ts). */
  credentials(mode: Mode): z.ZodObject<Record<string, z.ZodType<string | undefined>>>;
  /** What the connection's `webhookSecret` is at this provider; null when its notices are not signed. */
  webhookSecret: { label: string; hint: string } | null;
  /** Those of ours (contracts/sessions.ts) that it can take. */
  paymentMethods: readonly string[];
}

export interface ProviderRegistry {
  /** Names that a connection may have: stripe, kiotapay, … */
  readonly names: readonly string[];
  /** What is known of a provider; null for a name that is not in `names`. */
  describe(provider: string): ProviderDescription | null;
  /** What a connection's credentials hold in a mode, in order; none for a name that is not in `names`. */
  credentialFields(provider: string, mode: Mode): CredentialField[];
  /**
   * The adapter for a connection: the simulator for a test connection without credentials; null when the
   * provider is unknown, or cannot be reached in that mode as this process is set up.
   */
  adapterFor(
    connection: Pick<ConnectionContext, "provider" | "mode" | "credentials">,
  ): ProviderAdapter | null;
}
