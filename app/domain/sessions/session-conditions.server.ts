import type { SqlValue } from "~/db/database";
import type { SessionStatus } from "~/db/generated/enums";
import { isUuid } from "~/lib/ids";
import { minorUnitBounds } from "~/lib/money";

/** Exactly this; any of these; or none of these, which what has no value is, too. */
export type Choice = string | { any: readonly string[] } | { not: readonly string[] };
/** Exactly this; anything else, which no value is, too; or a part of it, whatever its case. */
export type TextMatch = string | { not: string } | { contains: string };
/** Both included, as decimal texts. */
export interface DecimalRange {
  min?: string;
  max?: string;
}

/** What a list may be narrowed by (api.md §5.4); all of them together. An empty array matches nothing. */
export interface SessionFilters {
  status?: readonly SessionStatus[];
  paymentMethod?: Choice;
  provider?: Choice;
  /** Our reasons, not the provider's codes; several mean any of them. "expired" means status EXPIRED. */
  failureReason?: readonly string[] | { not: readonly string[] };
  orderReference?: TextMatch;
  customerEmail?: TextMatch;
  currency?: Choice;
  /** In the main unit of each session's own currency. */
  amount?: DecimalRange;
  /** 0–100; what has no score is in no range. */
  score?: DecimalRange;
  /** Included. */
  createdFrom?: Date;
  /** Not included. */
  createdTo?: Date;
  /** Included. */
  updatedFrom?: Date;
  /** Not included. */
  updatedTo?: Date;
  /** These alone. */
  ids?: readonly string[];
  /** An exact id, order reference, checkout reference, e-mail or provider reference. */
  q?: string;
  /**
   * Paid, and at this moment for longer without an acknowledgement than the application allows; none of an
   * application that does not ask for any.
   */
  unfulfilledAt?: Date;
}

/** Placeholders, numbered as they are added. */
export class Values {
  readonly all: SqlValue[] = [];
  add(value: SqlValue, type: string): string {
    this.all.push(value);
    return `$${this.all.length}::${type}`;
  }
}

/** What `conditionsOf` needs beside the session: the application's setting. */
export function joinOf({ unfulfilledAt }: SessionFilters): string {
  return unfulfilledAt ? "join applications f on f.id = p.application_id" : "";
}

/** What a session `p` must be to be in the list; that it is the merchant's is for the caller to say. */
export function conditionsOf(merchantId: string, filters: SessionFilters, values: Values): string[] {
  const conditions: string[] = [];
  const { paymentMethod, provider, currency, amount, score, unfulfilledAt } = filters;
  const merchant = () => values.add(merchantId, "uuid");
  if (filters.status)
    conditions.push(`p.status = any(${values.add([...filters.status], "session_status[]")})`);
  if (paymentMethod) conditions.push(choiceCondition("p.payment_method", paymentMethod, values));
  if (provider) conditions.push(choiceCondition("p.provider_name", provider, values));
  if (currency) conditions.push(choiceCondition("p.currency", currency, values));
  const { orderReference, customerEmail } = filters;
  if (orderReference !== undefined)
    conditions.push(textCondition("order_reference", orderReference, merchant, values));
  if (customerEmail !== undefined)
    conditions.push(textCondition("customer_email", lowerCase(customerEmail), merchant, values));
  if (filters.failureReason) conditions.push(reasonCondition(filters.failureReason, values));
  if (amount) conditions.push(...amountConditions(amount, currency, values));
  if (score?.min !== undefined) conditions.push(`p.score >= ${values.add(Number(score.min), "float8")}`);
  if (score?.max !== undefined) conditions.push(`p.score <= ${values.add(Number(score.max), "float8")}`);
  if (filters.ids) conditions.push(`p.id = any(${values.add([...filters.ids], "uuid[]")})`);
  if (filters.createdFrom)
    conditions.push(`p.created_at >= ${values.add(filters.createdFrom, "timestamptz")}`);
  if (filters.createdTo) conditions.push(`p.created_at < ${values.add(filters.createdTo, "timestamptz")}`);
  if (filters.updatedFrom)
    conditions.push(`p.updated_at >= ${values.add(filters.updatedFrom, "timestamptz")}`);
  if (filters.updatedTo) {
    const end = values.add(filters.updatedTo, "timestamptz");
    // Nothing is updated before it is created, and for that there is an index.
    conditions.push(`p.updated_at < ${end} and p.created_at < ${end}`);
  }
  if (unfulfilledAt) {
    conditions.push(
      `p.status = 'SUCCEEDED' and p.fulfilled_at is null and p.finished_at >= f.unfulfilled_counted_from
       and p.finished_at <= ${values.add(unfulfilledAt, "timestamptz")} - f.unfulfilled_after_minutes * interval '1 minute'`,
    );
  }
  if (filters.q !== undefined)
    conditions.push(`p.id in (${identified(filters.q.trim(), merchant(), values)})`);
  return conditions;
}

/** `column` against a choice; null is none of those that are excluded. */
export function choiceCondition(column: string, choice: Choice, values: Values): string {
  // A char(3) column takes the index only with its own type.
  const type = column.endsWith(".currency") ? "bpchar" : "text";
  if (typeof choice === "string") return `${column} = ${values.add(choice, "text")}::${type}`;
  if ("any" in choice) return `${column} = any(${values.add([...choice.any], "text[]")}::${type}[])`;
  return `(${column} is null or ${column} <> all(${values.add([...choice.not], "text[]")}::${type}[]))`;
}

const lowerCase = (match: TextMatch): TextMatch => {
  if (typeof match === "string") return match.toLowerCase();
  return "not" in match ? { not: match.not.toLowerCase() } : { contains: match.contains.toLowerCase() };
};

/**
 * What contains a text is found in the column's own index, which holds it beside the merchant: reading a million
 * entries there takes a tenth of a second, the rows themselves many times that.
 */
function textCondition(column: string, match: TextMatch, merchant: () => string, values: Values): string {
  if (typeof match === "string") return `p.${column} = ${values.add(match, "text")}`;
  if ("not" in match) return `p.${column} is distinct from ${values.add(match.not, "text")}`;
  const pattern = values.add(`%${match.contains.replace(/[\\%_]/g, "\\$&")}%`, "text");
  return `p.${column} in (select x.${column} from payment_sessions x where x.merchant_id = ${merchant()} and x.${column} ilike ${pattern})`;
}

/** An amount means as many minor units as its currency has; of one currency it is a range of the index. */
function amountConditions(range: DecimalRange, currency: Choice | undefined, values: Values): string[] {
  const only = typeof currency === "string" ? currency : undefined;
  const bound = (edge: "min" | "max", sign: string) => {
    const amount = range[edge];
    if (amount === undefined) return [];
    const bounds = minorUnitBounds(amount, edge, only);
    const cases = bounds.special.map(
      ({ currencies, minor }) =>
        `when p.currency = any(${values.add(currencies, "text[]")}::bpchar[]) then ${values.add(minor, "int8")}`,
    );
    const usual = values.add(bounds.usual, "int8");
    return [
      `p.amount_total ${sign} ${cases.length > 0 ? `case ${cases.join(" ")} else ${usual} end` : usual}`,
    ];
  };
  return [...bound("min", ">="), ...bound("max", "<=")];
}

/** What the public resource shows as `failureReason` (api.md §5.4): an expired session's is "expired". */
function reasonCondition(reasons: readonly string[] | { not: readonly string[] }, values: Values): string {
  if ("not" in reasons) return `(${reasonCondition(reasons.not, values)}) is not true`;
  const stored = `(p.failure_reason = any(${values.add([...reasons], "text[]")}) and p.status <> 'EXPIRED')`;
  return reasons.includes("expired") ? `(p.status = 'EXPIRED' or ${stored})` : stored;
}

/** Ids of the merchant's sessions that an identifier names: a union, because each arm has its own index. */
function identified(q: string, merchant: string, values: Values): string {
  const exact = values.add(q, "text");
  const arms = [
    `order_reference = ${exact}`,
    `checkout_reference = ${exact}`,
    `customer_email = ${values.add(q.toLowerCase(), "text")}`,
    `id in (select session_id from attempts where connection_id in (select id from provider_connections where merchant_id = ${merchant}) and provider_reference = ${exact})`,
  ];
  if (isUuid(q)) arms.push(`id = ${values.add(q, "uuid")}`);
  return arms
    .map((arm) => `select id from payment_sessions where merchant_id = ${merchant} and ${arm}`)
    .join(" union ");
}
