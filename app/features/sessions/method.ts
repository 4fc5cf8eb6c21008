import type { PaymentSession } from "~/db/generated/client";

/** How a session was, or is to be, paid, in words. */
export interface MethodView {
  kind: "card" | "mpesa_stk" | "other";
  /** "Visa •••• 4242", "M-Pesa •••• 118", "Card". */
  text: string;
}

const BRANDS: Record<string, string> = {
  visa: "Visa",
  mastercard: "Mastercard",
  amex: "Amex",
  jcb: "JCB",
  discover: "Discover",
  diners: "Diners Club",
  unionpay: "UnionPay",
};

const METHODS: Record<string, string> = { card: "Card", mpesa_stk: "M-Pesa" };

/** The payment method's name; a method that is not known here as it came. */
export function methodName(method: string): string {
  return METHODS[method] ?? method;
}

/** The method of a session with what is known of the card or phone; null while the customer has not chosen. */
export function methodView(
  session: Pick<PaymentSession, "paymentMethod" | "cardBrand" | "cardLast4" | "payerPhoneLast3">,
): MethodView | null {
  const { paymentMethod, cardBrand, cardLast4, payerPhoneLast3 } = session;
  if (paymentMethod === null) return null;
  if (paymentMethod === "card") {
    const brand = cardBrand === null ? "Card" : (BRANDS[cardBrand.toLowerCase()] ?? cardBrand);
    return { kind: "card", text: cardLast4 === null ? brand : `${brand} •••• ${cardLast4}` };
  }
  if (paymentMethod === "mpesa_stk") {
    return {
      kind: "mpesa_stk",
      text: payerPhoneLast3 === null ? "M-Pesa" : `M-Pesa •••• ${payerPhoneLast3}`,
    };
  }
  return { kind: "other", text: methodName(paymentMethod) };
}
