import type Big from "big.js";
import type { Language } from "~/contracts/checkout-languages";
import { noRules } from "~/contracts/routing-rules";
import type { Prisma } from "~/db/generated/client";
import { logoPath } from "~/domain/applications/application-logo.server";
import { readSnapshot } from "~/domain/routing/read-snapshot.server";
import { usableMethods } from "~/domain/routing/usable-methods.server";
import type { Services } from "~/domain/services";
import { countryOf } from "~/domain/sessions/session-country";
import { parseDecimal, toDecimalText } from "~/lib/money";
import { maskedEmail } from "~/lib/personal-data";
import {
  type AmountPart,
  amountDigits,
  amountParts,
  brandColours,
  formatNumber,
  supportLink,
} from "./checkout-format";
import { formatLeft, formatUntil } from "./checkout-time";
import { chooseLocale } from "./languages";
import { customerReason, fill, type Messages, messages } from "./messages";

export interface CheckoutItem {
  name: string;
  detail: string;
  amount: string;
}

/** What /pay/{token} shows. Texts are in the customer's language, amounts and times in its locale. */
export interface CheckoutView {
  state: "open" | "waiting" | "paid" | "failed" | "expired";
  language: Language;
  locale: string;
  messages: Messages;
  title: string;
  isTest: boolean;
  merchantName: string;
  logoUrl: string | null;
  /** The merchant's own, for either scheme; white text is readable on both. */
  accent: { light: string; dark: string } | null;
  /** Where the customer can ask. */
  support: { href: string; label: string } | null;
  orderReference: string;
  total: AmountPart[];
  items: CheckoutItem[];
  sums: { label: string; amount: string }[];
  /** What the merchant wrote about a payment without order items. */
  description: string | null;
  /** One that is chosen, or those to choose from; `isAvailable` is whether a provider could take it now. */
  methods: { value: string; label: string; hint: string; isAvailable: boolean }[];
  /** ISO 8601. */
  expiresAt: string;
  /** As of the answer; the browser counts on from there. */
  left: string;
  until: string;
  email: string | null;
  /** Failed because somebody did not want it. */
  isCancelled: boolean;
  /** Why it failed, for the customer. */
  reason: string | null;
  /** The merchant's own page for where things stand. */
  merchantUrl: string;
}

const shown = {
  application: {
    select: {
      id: true,
      displayName: true,
      accentColor: true,
      checkoutLanguage: true,
      supportContact: true,
      timeZone: true,
      logo: { select: { digest: true } },
      merchant: { select: { name: true, timeZone: true } },
    },
  },
} satisfies Prisma.PaymentSessionInclude;

type Shown = Prisma.PaymentSessionGetPayload<{ include: typeof shown }>;

/** The checkout page of a session; null when there is none. Reads only. */
export async function presentCheckout(
  services: Services,
  sessionId: string,
  wishes: { chosen: string | null; acceptLanguage: string | null },
): Promise<CheckoutView | null> {
  const { db, clock } = services;
  const session = await db.prisma.paymentSession.findUnique({ where: { id: sessionId }, include: shown });
  if (session === null) return null;
  const { application } = session;
  const fallback = application.checkoutLanguage;
  const { language, locale } = chooseLocale({ ...wishes, session: session.locale, fallback });
  const text = messages[language];
  const merchantName = application.displayName ?? application.merchant.name;
  const now = clock.now();
  const state = stateOf(session, now);
  const total = amountParts(toDecimalText(session.amountTotal, session.currency), session.currency, locale);
  return {
    state,
    language,
    locale,
    messages: text,
    title: fill(text.title, { merchant: merchantName, amount: total.map((part) => part.text).join(" ") }),
    isTest: session.mode === "test",
    merchantName,
    logoUrl: application.logo && logoPath(application.id, application.logo.digest),
    accent: brandColours(application.accentColor),
    support: supportLink(application.supportContact),
    orderReference: session.orderReference,
    total,
    ...orderOf(session, text, locale),
    description: session.description,
    methods: methodsOf(session, text, state === "open" ? await usableNow(session, services) : null),
    expiresAt: session.expiresAt.toISOString(),
    left: formatLeft(session.expiresAt.getTime() - now.getTime()),
    until: formatUntil(session.expiresAt, locale, application.timeZone ?? application.merchant.timeZone),
    email: session.customerEmail === null ? null : maskedEmail(session.customerEmail),
    isCancelled: state === "failed" && customerReason(session.failureReason) === "cancelled",
    reason:
      state === "failed"
        ? fill(text.reasons[customerReason(session.failureReason)], { merchant: merchantName })
        : null,
    merchantUrl: state === "paid" ? session.successUrl : session.failureUrl,
  };
}

function stateOf(session: Pick<Shown, "status" | "expiresAt">, now: Date): CheckoutView["state"] {
  switch (session.status) {
    case "SUCCEEDED":
      return "paid";
    case "FAILED":
      return "failed";
    case "EXPIRED":
      return "expired";
    case "PROCESSING":
      return "waiting";
    default:
      return session.expiresAt <= now ? "expired" : "open";
  }
}

/** The methods that routing could give to a provider now; null where there is nothing to choose. */
async function usableNow(session: Shown, services: Services): Promise<ReadonlySet<string> | null> {
  if (session.paymentMethod !== null) return null;
  const { snapshot, settings } = await readSnapshot(session, services);
  const wish = {
    currency: session.currency,
    country: countryOf(session),
    amount: Number(toDecimalText(session.amountTotal, session.currency)),
  };
  const methods = usableMethods(snapshot, settings.rules ?? noRules, wish, services.clock.now().getTime());
  return new Set(methods.map(({ paymentMethod }) => paymentMethod));
}

function methodsOf(
  session: Shown,
  text: Messages,
  usable: ReadonlySet<string> | null,
): CheckoutView["methods"] {
  const values = session.paymentMethod === null ? session.allowedPaymentMethods : [session.paymentMethod];
  return values.map((value) => {
    const isAvailable = usable?.has(value) ?? true;
    if (value === "mpesa_stk") return { value, label: text.mpesa, hint: text.mpesaHint, isAvailable };
    if (value === "card") return { value, label: text.card, hint: text.cardHint, isAvailable };
    return { value, label: value, hint: "", isAvailable };
  });
}

function orderOf(session: Shown, text: Messages, locale: string): Pick<CheckoutView, "items" | "sums"> {
  const { currency } = session;
  const digits = (decimal: string) => amountDigits(decimal, currency, locale);
  const items: CheckoutItem[] = [];
  let subtotal: Big | null = null;
  for (const item of readItems(session.orderItems)) {
    const amount = item.unitPrice.times(item.quantity);
    subtotal = subtotal === null ? amount : subtotal.plus(amount);
    const quantity = fill(text.quantity, { count: formatNumber(item.quantity, locale) });
    items.push({
      name: item.name,
      detail: item.sku === null ? quantity : `${item.sku}, ${quantity}`,
      amount: digits(amount.toFixed()),
    });
  }
  const sums: CheckoutView["sums"] = [];
  if (subtotal !== null) sums.push({ label: text.subtotal, amount: digits(subtotal.toFixed()) });
  if (session.amountShipping !== null) {
    const type = shippingType(session.shipping);
    const label = type === null ? text.shipping : `${text.shipping}, ${type}`;
    sums.push({ label, amount: digits(toDecimalText(session.amountShipping, currency)) });
  }
  if (session.amountTax !== null) {
    sums.push({ label: text.tax, amount: digits(toDecimalText(session.amountTax, currency)) });
  }
  return { items, sums };
}

interface StoredItem {
  name: string;
  sku: string | null;
  quantity: number;
  unitPrice: Big;
}

/** The stored order items; what does not read as one is left out. */
function readItems(stored: Prisma.JsonValue): StoredItem[] {
  if (!Array.isArray(stored)) return [];
  return stored.flatMap((item): StoredItem[] => {
    if (typeof item !== "object" || item === null || Array.isArray(item)) return [];
    const { name, sku, quantity, unitPrice } = item;
    const price = parseDecimal(String(unitPrice));
    if (typeof name !== "string" || typeof quantity !== "number" || price === null) return [];
    return [{ name, sku: typeof sku === "string" ? sku : null, quantity, unitPrice: price }];
  });
}

function shippingType(shipping: Prisma.JsonValue): string | null {
  if (typeof shipping !== "object" || shipping === null || Array.isArray(shipping)) return null;
  return typeof shipping.type === "string" ? shipping.type : null;
}

/** Where the customer's browser goes once the session is final; null before. */
export async function readReturn(
  { db }: Services,
  sessionId: string,
): Promise<{ redirectUrl: string | null } | null> {
  const session = await db.prisma.paymentSession.findUnique({
    where: { id: sessionId },
    select: { status: true, successUrl: true, failureUrl: true },
  });
  if (session === null) return null;
  if (session.status === "SUCCEEDED") return { redirectUrl: session.successUrl };
  return {
    redirectUrl: session.status === "FAILED" || session.status === "EXPIRED" ? session.failureUrl : null,
  };
}
