/** States of a checkout at the simulated provider; the last four are final. */
export type SimulatorState =
  | "open"
  | "requires_action"
  | "processing"
  | "paid"
  | "failed"
  | "cancelled"
  | "expired";

/** A checkout as the simulated provider's API shows it. */
export interface SimulatorCheckoutView {
  /** The provider's reference: sim_…. */
  id: string;
  reference: string;
  /** Minor units of `currency`. */
  amount: bigint;
  currency: string;
  state: SimulatorState;
  /** The simulated provider's own code (failure-codes.ts). */
  failureCode: string | null;
  cardBrand: string | null;
  cardLast4: string | null;
  phoneLast3: string | null;
  /** The simulated provider's page. */
  checkoutUrl: string;
  expiresAt: Date;
}

export interface NewSimulatorCheckout {
  connectionId: string;
  provider: string;
  reference: string;
  idempotencyKey: string;
  amount: bigint;
  currency: string;
  paymentMethod: string;
  description: string;
  merchantName: string;
  returnUrl: string;
  cancelUrl: string;
  expiresAt: Date;
}

/**
 * The simulated provider's own books. A real provider keeps them at its end; domain/simulator keeps
 * these, so that the adapter knows no database.
 */
export interface SimulatorBackend {
  /** Twice with one connection and idempotency key makes one checkout. */
  createCheckout(checkout: NewSimulatorCheckout): Promise<SimulatorCheckoutView>;
  /** By our reference; the newest when there are several. */
  find(connectionId: string, reference: string): Promise<SimulatorCheckoutView | null>;
  /** By the provider's reference. */
  get(connectionId: string, id: string): Promise<SimulatorCheckoutView | null>;
}
