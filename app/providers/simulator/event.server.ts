import { z } from "zod";
import type { ProviderCheckoutState, ProviderState } from "~/providers/port";
import type { SimulatorCheckoutView, SimulatorState } from "./backend";
import { reasonOfCode } from "./failure-codes";

const STATES: Readonly<Record<SimulatorState, ProviderState>> = {
  open: "PENDING",
  requires_action: "REQUIRES_ACTION",
  processing: "PROCESSING",
  paid: "SUCCEEDED",
  failed: "FAILED",
  cancelled: "FAILED",
  expired: "EXPIRED",
};

const stateNames = Object.keys(STATES) as [SimulatorState, ...SimulatorState[]];

/** What a notice holds, as it travels. */
const eventSchema = z.object({
  id: z.string().min(1).max(255),
  type: z.string().min(1).max(255),
  createdAt: z.iso.datetime().transform((text) => new Date(text)),
  data: z.object({
    checkout: z.object({
      id: z.string().min(1).max(255),
      reference: z.string().max(255),
      state: z.enum(stateNames),
      /** Minor units, as a string: JSON numbers are not exact everywhere. */
      amount: z.string().regex(/^\d{1,18}$/),
      currency: z.string().regex(/^[A-Z]{3}$/),
      failureCode: z.string().max(255).nullable(),
      card: z.object({ brand: z.string().max(40), last4: z.string().max(4) }).nullable(),
      phoneLast3: z.string().max(3).nullable(),
    }),
  }),
});

export type SimulatorEvent = z.output<typeof eventSchema>;

/** The body of a notice about a checkout as it is now. */
export function eventBody(eventId: string, createdAt: Date, checkout: SimulatorCheckoutView): string {
  const { id, reference, state, amount, currency, failureCode, phoneLast3 } = checkout;
  const card = cardOf(checkout);
  return JSON.stringify({
    id: eventId,
    type: `checkout.${state}`,
    createdAt: createdAt.toISOString(),
    data: {
      checkout: { id, reference, state, amount: String(amount), currency, failureCode, card, phoneLast3 },
    },
  });
}

/** @throws SyntaxError when the text is no such event. */
export function parseEventBody(text: string): SimulatorEvent {
  const parsed = eventSchema.safeParse(JSON.parse(text));
  if (!parsed.success)
    throw new SyntaxError("the body is not an event of the simulator", { cause: parsed.error });
  return parsed.data;
}

/** The state that an event tells, in our words. */
export function stateOfEvent({ data: { checkout } }: SimulatorEvent): ProviderCheckoutState {
  return toState({ ...checkout, amount: BigInt(checkout.amount) });
}

/** The state of a checkout, in our words. */
export function stateOfCheckout(checkout: SimulatorCheckoutView): ProviderCheckoutState {
  return toState({ ...checkout, card: cardOf(checkout) });
}

type Told = Pick<
  SimulatorCheckoutView,
  "id" | "state" | "amount" | "currency" | "failureCode" | "phoneLast3"
> & {
  card: ProviderCheckoutState["card"];
};

function toState(told: Told): ProviderCheckoutState {
  const state = STATES[told.state];
  return {
    providerReference: told.id,
    state,
    amount: told.amount,
    currency: told.currency,
    failureCode: told.failureCode,
    failureReason:
      state === "EXPIRED"
        ? "expired"
        : state === "FAILED"
          ? reasonOfCode(told.failureCode ?? "unknown")
          : null,
    card: told.card,
    payerPhoneLast3: told.phoneLast3,
  };
}

function cardOf({ cardBrand, cardLast4 }: SimulatorCheckoutView): ProviderCheckoutState["card"] {
  return cardBrand !== null && cardLast4 !== null ? { brand: cardBrand, last4: cardLast4 } : null;
}
