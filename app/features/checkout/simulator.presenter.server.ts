import { type CardForm, testCards, testPhones } from "~/contracts/test-cards";
import type { SimulatorCheckoutRow } from "~/domain/simulator/simulator-checkout.server";
import { toDecimalText } from "~/lib/money";
import { type AmountPart, amountParts } from "./checkout-format";

/** One line of the list under the form: `id` fills the form in. */
export interface TestNumber {
  id: string;
  number: string;
  label: string;
}

/** What the simulated provider's page shows. */
export interface SimulatorView {
  provider: string;
  state: SimulatorCheckoutRow["state"];
  kind: "card" | "phone";
  amount: AmountPart[];
  merchantName: string;
  description: string | null;
  reference: string;
  checkoutId: string;
  numbers: TestNumber[];
  /** The line that was asked for, and what it puts into the form. */
  filled: string | null;
  card: CardForm;
  phone: string;
  paidWith: string | null;
  failureCode: string | null;
  /** Where "go back" leads. */
  returnUrl: string;
}

/** `fill` is the id of a test card or number. */
export function presentSimulator(row: SimulatorCheckoutRow, fill: string | null): SimulatorView {
  const kind = row.payment_method === "mpesa_stk" ? "phone" : "card";
  const card = kind === "card" ? testCards.find(({ id }) => id === fill) : undefined;
  const phone = kind === "phone" ? testPhones.find(({ id }) => id === fill) : undefined;
  return {
    provider: row.provider,
    state: row.state,
    kind,
    amount: amountParts(toDecimalText(row.amount, row.currency), row.currency, "en"),
    merchantName: row.merchant_name,
    description: row.description,
    reference: row.reference,
    checkoutId: row.id,
    numbers: (kind === "card" ? testCards : testPhones).map(({ id, number, label }) => ({
      id,
      number,
      label,
    })),
    filled: card?.id ?? phone?.id ?? null,
    card: {
      cardNumber: card?.number ?? "",
      expiry: card ? "12 / 34" : "",
      cvc: card ? (card.brand === "amex" ? "1234" : "123") : "",
    },
    phone: phone?.number ?? "",
    paidWith:
      row.card_last4 !== null
        ? `card ending in ${row.card_last4}`
        : row.phone_last3 !== null
          ? `phone ending in ${row.phone_last3}`
          : null,
    failureCode: row.failure_code,
    returnUrl: row.state === "cancelled" ? row.cancel_url : row.return_url,
  };
}
