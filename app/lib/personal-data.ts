// What Kadosei keeps of a merchant's customers, listed once: the logs mask by it, an erasure goes through it, and
// docs/privacy.md is compared with it by a test.

/** jane@example.com → j•••@example.com */
export function maskedEmail(email: string): string {
  const at = email.lastIndexOf("@");
  return at < 1 ? "•••" : `${[...email][0] ?? ""}•••${email.slice(at)}`;
}

/** +254712345678 → •••678 */
export function maskedPhone(phone: string): string {
  return `•••${phone.slice(-3)}`;
}

/** Wanjiku → W••• */
export function maskedName(name: string): string {
  return name === "" ? name : `${[...name][0] ?? ""}•••`;
}

const hidden = () => "•••";

export interface PersonalMember {
  /** In lower case and without `_` and `-`. */
  name: string;
  mask(value: string): string;
  /** Also the name of something else: masked in bodies, not in our own log, whose `state` is a machine's. */
  isAmbiguous?: true;
}

/** Members of bodies, queries and log lines that hold a person's own data, and what stays of it. */
export const personalMembers: readonly PersonalMember[] = [
  { name: "email", mask: maskedEmail },
  { name: "customeremail", mask: maskedEmail },
  { name: "phone", mask: maskedPhone },
  { name: "customerphone", mask: maskedPhone },
  { name: "phonenumber", mask: maskedPhone },
  { name: "firstname", mask: maskedName },
  { name: "lastname", mask: maskedName },
  { name: "line1", mask: hidden },
  { name: "line2", mask: hidden },
  { name: "city", mask: hidden, isAmbiguous: true },
  { name: "state", mask: hidden, isAmbiguous: true },
  { name: "postalcode", mask: hidden },
];

interface PersonalColumn {
  column: string;
  /** In words, for docs/privacy.md. */
  holds: string;
  /** SQL: what it is after an erasure. */
  becomes: string;
}

export interface PersonalTable {
  table: string;
  /** SQL that finds the rows of sessions: $1 is the merchant's id, $2 the sessions' ids. */
  rows: string;
  columns: readonly PersonalColumn[];
}

const ofSession = "merchant_id = $1 and session_id = any($2::uuid[])";
const ERASED_JSON = `'"[erased]"'`;

/** Everywhere that a customer's data is stored. Tables before `payment_sessions` are found through it. */
export const personalTables: readonly PersonalTable[] = [
  {
    table: "simulator_checkouts",
    rows: `connection_id in (select id from provider_connections where merchant_id = $1)
      and reference in (select s.checkout_reference || '-' || a.number from payment_sessions s
        join attempts a on a.session_id = s.id where s.merchant_id = $1 and s.id = any($2::uuid[]))`,
    columns: [
      { column: "description", holds: "the session's description", becomes: "null" },
      { column: "card_last4", holds: "last four digits of the card", becomes: "null" },
      { column: "phone_last3", holds: "last three digits of the phone", becomes: "null" },
    ],
  },
  {
    table: "attempts",
    rows: ofSession,
    columns: [
      { column: "request", holds: "what the provider was sent, masked", becomes: "null" },
      { column: "response", holds: "what the provider answered, masked", becomes: "null" },
      {
        column: "provider_checkout_url",
        holds: "the provider's page, which shows the customer",
        becomes: "null",
      },
    ],
  },
  {
    table: "session_activities",
    rows: ofSession,
    columns: [
      {
        column: "data",
        holds: "the customer's address and browser when the checkout was opened",
        becomes: "data - 'ip' - 'userAgent'",
      },
    ],
  },
  {
    table: "notices",
    rows: `merchant_id = $1 and kind = 'mention' and exists (select from session_notes n
      where n.merchant_id = $1 and n.session_id = any($2::uuid[]) and notices.dedupe_key like 'mention:' || n.id || ':%')`,
    columns: [
      {
        column: "body",
        holds: "the beginning of a note that mentions somebody",
        becomes: "'Erased with the customer’s data.'",
      },
    ],
  },
  {
    table: "session_notes",
    rows: ofSession,
    columns: [{ column: "body", holds: "the team's notes", becomes: "'Erased with the customer’s data.'" }],
  },
  {
    table: "inbound_events",
    rows: `${ofSession} and applied_at is not null`,
    columns: [{ column: "payload", holds: "the provider's notice, redacted", becomes: "'{}'" }],
  },
  {
    table: "webhook_delivery_attempts",
    rows: `merchant_id = $1 and delivery_id in (select d.id from webhook_deliveries d
      join webhook_events e on e.id = d.event_id where e.merchant_id = $1 and e.session_id = any($2::uuid[]))`,
    columns: [{ column: "response_body", holds: "what the merchant's endpoint answered", becomes: "null" }],
  },
  {
    table: "webhook_events",
    rows: ofSession,
    columns: [
      {
        column: "body",
        holds: "the event, with the e-mail address",
        // The rest stays byte for byte. A retry signs what it sends, so its signature is right.
        becomes: String.raw`regexp_replace(body, '"customerEmail":"([^"\\]|\\.)*"', '"customerEmail":null', 'g')`,
      },
    ],
  },
  {
    table: "api_request_logs",
    // Also calls of which no session came: a refused create names the same order.
    rows: `id in (select id from api_request_logs where ${ofSession}
      union all select l.id from payment_sessions s join api_request_logs l
        on l.merchant_id = s.merchant_id and l.order_reference = s.order_reference and l.session_id is null
        where s.merchant_id = $1 and s.id = any($2::uuid[]))`,
    columns: [
      { column: "query", holds: "the query of a call, masked", becomes: "null" },
      { column: "request_body", holds: "the body of a call, masked", becomes: ERASED_JSON },
      { column: "response_body", holds: "its answer, masked", becomes: ERASED_JSON },
    ],
  },
  {
    table: "payment_sessions",
    rows: "merchant_id = $1 and id = any($2::uuid[])",
    columns: [
      { column: "customer_email", holds: "e-mail address, in lower case", becomes: "null" },
      {
        column: "customer",
        holds: "name, e-mail address, phone, billing and shipping address; the country stays, for statistics",
        becomes: `case when customer #>> '{billingAddress,country}' is null then null else jsonb_build_object(
          'billingAddress', jsonb_build_object('country', customer #> '{billingAddress,country}')) end`,
      },
      { column: "description", holds: "the order in the merchant's words", becomes: "null" },
      { column: "additional_information", holds: "the merchant's own values", becomes: "null" },
      { column: "card_last4", holds: "last four digits of the card", becomes: "null" },
      { column: "payer_phone_last3", holds: "last three digits of the phone", becomes: "null" },
    ],
  },
];
