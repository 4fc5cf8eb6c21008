/**
 * The simulator's test cards and M-Pesa numbers: what each of them does. The page lists them and the
 * command obeys them, so there is one list. Cards that are not in it are refused, so that nobody can
 * leave a real card number here.
 */

/** What the simulated provider does with it. `after` is in seconds. */
export type TestOutcome =
  | { kind: "paid" }
  | { kind: "failed"; failureCode: string }
  /** 3-D Secure: a step in which the person confirms or refuses. */
  | { kind: "challenge" }
  /** Says "processing" at once, and the result later. */
  | { kind: "processing"; after: number; next: "paid" }
  | { kind: "processing"; after: number; next: "failed"; failureCode: string }
  /** Says nothing at all until it is paid. */
  | { kind: "late"; after: number };

export interface TestCard {
  /** In the page's address: `?fill=visa`. */
  id: string;
  /** As it is printed on the card. */
  number: string;
  brand: "visa" | "mastercard" | "amex";
  label: string;
  outcome: TestOutcome;
}

export interface TestPhone {
  id: string;
  /** E.164. */
  number: string;
  label: string;
  outcome: TestOutcome;
}

const declined = (failureCode: string): TestOutcome => ({ kind: "failed", failureCode });

export const testCards: readonly TestCard[] = [
  {
    id: "visa",
    number: "4242 4242 4242 4242",
    brand: "visa",
    label: "Paid, Visa",
    outcome: { kind: "paid" },
  },
  {
    id: "mastercard",
    number: "5555 5555 5555 4444",
    brand: "mastercard",
    label: "Paid, Mastercard",
    outcome: { kind: "paid" },
  },
  {
    id: "amex",
    number: "3782 822463 10005",
    brand: "amex",
    label: "Paid, American Express",
    outcome: { kind: "paid" },
  },
  {
    id: "declined",
    number: "4000 0000 0000 0002",
    brand: "visa",
    label: "Declined by the bank",
    outcome: declined("card_declined"),
  },
  {
    id: "funds",
    number: "4000 0000 0000 9995",
    brand: "visa",
    label: "Insufficient funds",
    outcome: declined("insufficient_funds"),
  },
  {
    id: "expired",
    number: "4000 0000 0000 0069",
    brand: "visa",
    label: "Card expired",
    outcome: declined("expired_card"),
  },
  {
    id: "cvc",
    number: "4000 0000 0000 0127",
    brand: "visa",
    label: "Wrong security code",
    outcome: declined("incorrect_cvc"),
  },
  {
    id: "lost",
    number: "4000 0000 0000 9987",
    brand: "visa",
    label: "Reported lost or stolen",
    outcome: declined("lost_card"),
  },
  {
    id: "fraud",
    number: "4100 0000 0000 0019",
    brand: "visa",
    label: "Suspected fraud",
    outcome: declined("fraudulent"),
  },
  {
    id: "error",
    number: "4000 0000 0000 0119",
    brand: "visa",
    label: "Error while processing",
    outcome: declined("processing_error"),
  },
  {
    id: "secure",
    number: "4000 0025 0000 3155",
    brand: "visa",
    label: "3-D Secure, your choice",
    outcome: { kind: "challenge" },
  },
  {
    id: "secure-2",
    number: "4000 0000 0000 3220",
    brand: "visa",
    label: "3-D Secure 2, your choice",
    outcome: { kind: "challenge" },
  },
  {
    id: "processing",
    number: "4000 0000 0000 0077",
    brand: "visa",
    label: "Processing, 5 seconds",
    outcome: { kind: "processing", after: 5, next: "paid" },
  },
  {
    id: "late",
    number: "4000 0000 0000 5126",
    brand: "visa",
    label: "Late success, 60 seconds",
    outcome: { kind: "late", after: 60 },
  },
];

export const testPhones: readonly TestPhone[] = [
  {
    id: "paid",
    number: "+254700000000",
    label: "Paid after 2 seconds",
    outcome: { kind: "processing", after: 2, next: "paid" },
  },
  {
    id: "funds",
    number: "+254700000001",
    label: "Insufficient funds",
    outcome: { kind: "processing", after: 2, next: "failed", failureCode: "insufficient_funds" },
  },
  {
    id: "refused",
    number: "+254700000002",
    label: "Refused on the phone",
    outcome: { kind: "processing", after: 2, next: "failed", failureCode: "customer_cancelled" },
  },
  {
    id: "timeout",
    number: "+254700000003",
    label: "Prompt not answered",
    outcome: { kind: "processing", after: 5, next: "failed", failureCode: "stk_timeout" },
  },
];

/** Whether the check digit of a card number fits (ISO/IEC 7812). `digits` holds nothing but digits. */
export function hasValidCheckDigit(digits: string): boolean {
  let sum = 0;
  for (let index = 0; index < digits.length; index += 1) {
    const digit = Number(digits[digits.length - 1 - index]);
    const doubled = index % 2 === 1 ? digit * 2 : digit;
    sum += doubled > 9 ? doubled - 9 : doubled;
  }
  return digits.length > 0 && sum % 10 === 0;
}

/** What the card form sends, as it was typed. */
export interface CardForm {
  cardNumber: string;
  expiry: string;
  cvc: string;
}

export type CardFormErrors = Partial<Record<keyof CardForm, string>>;

export type CardFormResult = { ok: true; card: TestCard } | { ok: false; errors: CardFormErrors };

/**
 * Reads the card form: spaces and dashes in the number and any of `12/34`, `12 / 34`, `1234`, `12/2034`
 * as the expiry are understood. `now` decides whether the expiry has passed.
 */
export function readCardForm(form: CardForm, now: Date): CardFormResult {
  const errors: CardFormErrors = {};
  const digits = form.cardNumber.replace(/[\s-]/g, "");
  const card = testCards.find(({ number }) => number.replaceAll(" ", "") === digits);
  if (digits === "") errors.cardNumber = "Enter a card number";
  else if (!/^\d{12,19}$/.test(digits)) errors.cardNumber = "A card number has 12 to 19 digits";
  else if (!hasValidCheckDigit(digits))
    errors.cardNumber = "This is not a card number: its check digit does not fit";
  else if (card === undefined)
    errors.cardNumber = "Use one of the test cards below. Never enter a real card here";

  const expiryError = expiryProblem(form.expiry, now);
  if (expiryError !== null) errors.expiry = expiryError;

  const length = card?.brand === "amex" ? 4 : 3;
  if (form.cvc.trim() === "") errors.cvc = "Enter the security code";
  else if (!/^\d{3,4}$/.test(form.cvc.trim()) || (card !== undefined && form.cvc.trim().length !== length)) {
    errors.cvc =
      card === undefined ? "The security code has 3 or 4 digits" : `The security code has ${length} digits`;
  }

  return card !== undefined && Object.keys(errors).length === 0 ? { ok: true, card } : { ok: false, errors };
}

function expiryProblem(text: string, now: Date): string | null {
  if (text.trim() === "") return "Enter the expiry date";
  const [, monthText, yearText] = /^\s*(\d{1,2})\s*\/?\s*((?:20)?\d{2})\s*$/.exec(text) ?? [];
  if (monthText === undefined || yearText === undefined) return "Write the month and the year, as 12 / 34";
  const month = Number(monthText);
  if (month < 1 || month > 12) return "The month is a number from 1 to 12";
  const year = yearText.length === 2 ? 2000 + Number(yearText) : Number(yearText);
  // A card is good until the end of its month.
  return Date.UTC(year, month, 1) <= now.getTime() ? "This date has passed" : null;
}

export type PhoneFormResult = { ok: true; phone: TestPhone } | { ok: false; errors: { phone: string } };

/** Reads the phone form: `+254700000000`, `254700000000` and `0700 000 000` are the same number. */
export function readPhoneForm(form: { phone: string }): PhoneFormResult {
  const digits = form.phone.replace(/[\s()+-]/g, "").replace(/^0(?=7|1)/, "254");
  if (digits === "") return { ok: false, errors: { phone: "Enter a phone number" } };
  if (!/^\d{9,15}$/.test(digits))
    return { ok: false, errors: { phone: "Write the number as +254 700 000 000" } };
  const phone = testPhones.find(({ number }) => number === `+${digits}`);
  if (phone === undefined) {
    return {
      ok: false,
      errors: { phone: "Use one of the test numbers below. No other phone is ever called" },
    };
  }
  return { ok: true, phone };
}
