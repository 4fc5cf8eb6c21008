import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { describe, expect, it } from "vitest";

// Promise 6 of reliability.md: every query names its tenant. This reads each statement in app/, SQL and Prisma's, and
// asks of every one that touches a tenant's table whether it says whose rows it means.

const root = new URL("../../", import.meta.url).pathname;

/** Tables with a column merchant_id or application_id, and Prisma's names of them. */
const tables = new Map<string, string>();
for (const [, model = "", body = ""] of readFileSync(join(root, "prisma/schema.prisma"), "utf8").matchAll(
  /^model (\w+) \{\n([\s\S]*?)^\}/gm,
)) {
  const table = /@@map\("(\w+)"\)/.exec(body)?.[1];
  if (table !== undefined && /@map\("(merchant_id|application_id)"\)/.test(body))
    tables.set(table, model.charAt(0).toLowerCase() + model.slice(1));
}
const models = new Set(tables.values());

/** A person's own, who may be a member of several merchants: these rows are one user's, whatever merchant they name. */
const PERSONS_TABLES = new Set(["user_sessions", "refresh_tokens", "userSession", "refreshToken"]);
const PERSON = /\b(?:user_id|userId|token_hash|tokenHash)\b/;

/**
 * What ties a row to a tenant: the merchant, or an application that was found by its merchant before. An object of
 * the name `scope` has both.
 */
const TENANT_COLUMN = /\b(?:merchant_id|application_id)\b/;
const TENANT_MEMBER = /\b(?:merchantId|applicationId|merchantId_\w+|applicationId_\w+|scope)\b/;

interface Query {
  file: string;
  line: number;
  table: string;
  text: string;
}

function* filesUnder(directory: string): Generator<string> {
  for (const entry of readdirSync(directory, { withFileTypes: true })) {
    const path = join(directory, entry.name);
    if (entry.isDirectory()) {
      if (!path.endsWith("db/generated")) yield* filesUnder(path);
    } else if (/\.tsx?$/.test(entry.name)) yield path;
  }
}

/** The text of a literal, with the text of what stands in it where that is a constant of the same file. */
function textOf(node: ts.Node, constants: ReadonlyMap<string, ts.Node[]>, depth = 0): string {
  if (ts.isStringLiteralLike(node)) return node.text;
  if (ts.isTemplateExpression(node))
    return (
      node.head.text +
      node.templateSpans
        .map(({ expression, literal }) => textOf(expression, constants, depth) + literal.text)
        .join("")
    );
  if (ts.isBinaryExpression(node))
    return textOf(node.left, constants, depth) + textOf(node.right, constants, depth);
  if (ts.isConditionalExpression(node))
    return `${textOf(node.whenTrue, constants, depth)} ${textOf(node.whenFalse, constants, depth)}`;
  if (ts.isIdentifier(node) && depth < 5) {
    const known = constants.get(node.text);
    if (known) return known.map((one) => textOf(one, constants, depth + 1)).join(" ");
  }
  // A list of conditions, a call that puts them together: the texts in it, and those of what it names.
  if (depth < 5) {
    const parts: string[] = [];
    ts.forEachChild(node, (child) => void parts.push(textOf(child, constants, depth + 1)));
    return ` ${parts.join(" ")} `;
  }
  return " ";
}

const ANY_TABLE = new RegExp(`\\b(?:from|join|update|using)\\s+(?:${[...tables.keys()].join("|")})\\b`, "i");
const isText = (node: ts.Node) => ts.isStringLiteralLike(node) || ts.isTemplateExpression(node);
const METHODS = /^(find\w*|count|aggregate|groupBy|update\w*|delete\w*|upsert)$/;

function unscoped(): Query[] {
  const found: Query[] = [];
  for (const path of filesUnder(join(root, "app"))) {
    const source = ts.createSourceFile(path, readFileSync(path, "utf8"), ts.ScriptTarget.ESNext, true);
    const file = path.slice(root.length);
    const add = (node: ts.Node, table: string, text: string) =>
      found.push({ file, line: source.getLineAndCharacterOfPosition(node.getStart()).line + 1, table, text });
    const constants = new Map<string, ts.Node[]>();
    const remember = (node: ts.Node) => {
      if (ts.isVariableDeclaration(node) && ts.isIdentifier(node.name) && node.initializer)
        constants.set(node.name.text, [...(constants.get(node.name.text) ?? []), node.initializer]);
      ts.forEachChild(node, remember);
    };
    remember(source);
    const visit = (node: ts.Node): void => {
      if (isText(node)) {
        const text = textOf(node, constants);
        if (ANY_TABLE.test(text) && !TENANT_COLUMN.test(text))
          for (const table of tables.keys()) {
            // An insert has its tenant among its columns, which the schema makes it name.
            const use = new RegExp(`\\b(?:from|join|update|using)\\s+${table}\\b`, "i");
            if (use.test(text) && !(PERSONS_TABLES.has(table) && PERSON.test(text))) add(node, table, text);
          }
      }
      if (ts.isCallExpression(node) && ts.isPropertyAccessExpression(node.expression)) {
        const { name, expression } = node.expression;
        const model = ts.isPropertyAccessExpression(expression) ? expression.name.text : "";
        if (models.has(model) && METHODS.test(name.text)) {
          const text = node.arguments.map((one) => one.getText()).join(" ");
          const named = [...text.matchAll(/\b\w+\b/g)].flatMap(([word]) => constants.get(word) ?? []);
          const isOwn = PERSONS_TABLES.has(model) && PERSON.test(text);
          if (!isOwn && !TENANT_MEMBER.test([text, ...named.map((one) => one.getText())].join(" ")))
            add(node, model, node.getText());
        }
      }
      ts.forEachChild(node, visit);
    };
    visit(source);
  }
  return found;
}

const found = "the row, which was found with its tenant before";
const session =
  "the session, which was found with its tenant, or by the signed token of its own checkout page";
const connection = "a connection, which was found with its tenant before";
const lane = "what is due of all tenants, or a row of it: the dispatcher works for all";
const all = "all tenants: Kadosei's own work";

/** Statements without a tenant, by file and table, and what they mean instead. */
const allowed: Record<string, Record<string, string>> = {
  "app/domain/audit/list-audit.server.ts": { audit_logs: "conditionsOf begins with the merchant" },
  "app/domain/support/search-merchants.server.ts": {
    payment_sessions: "all tenants: the staff's search, which each merchant reads of",
    provider_connections: "all tenants: the staff's search",
    attempts: "all tenants: the staff's search",
  },
  "app/features/support/support.presenter.server.ts": { supportVisit: "a staff member's own" },
  "app/domain/api-keys/authenticate-api-key.server.ts": {
    api_keys: "the key that its hash found: it says the tenant",
  },
  "app/domain/maintenance/sweep.server.ts": {
    payment_sessions: all,
    inbound_events: all,
    webhook_drills: all,
    webhook_deliveries: all,
  },
  "app/domain/routing/breaker-events.server.ts": { breaker_events: connection },
  "app/domain/routing/change-cell.server.ts": { routing_cells: connection },
  "app/domain/routing/list-decisions.server.ts": {
    payment_sessions:
      "joined to decisions, which a condition of decisionConditions() ties to the application",
    provider_connections: "the same",
    routing_decisions: "the same",
  },
  "app/domain/routing/probe.server.ts": { connection_health: connection },
  "app/domain/routing/read-scores.server.ts": { routing_scores: connection },
  "app/domain/routing/read-snapshot.server.ts": { connection_health: connection },
  "app/domain/routing/record-create-result.server.ts": { connection_health: connection },
  "app/domain/routing/record-scores.server.ts": { routing_scores: all, breaker_events: all },
  "app/domain/sessions/apply-provider-event.server.ts": {
    inbound_events: "the event that its job names",
    attempts: "of the connection that the provider's notice named with its own secret",
    payment_sessions: "the same",
  },
  "app/domain/sessions/change-status.server.ts": { payment_sessions: session },
  "app/domain/sessions/choose-method.server.ts": {
    attempts: session,
    payment_sessions: session,
    idempotency_keys: session,
  },
  "app/domain/sessions/continue-checkout.server.ts": { attempts: session, payment_sessions: session },
  "app/domain/sessions/list-sessions.server.ts": {
    payment_sessions: "tied to the scope's applications by conditions, which take no list without them",
    session_counters: "joined to the scope's applications, which are the merchant's",
  },
  "app/domain/sessions/record-checkout-opened.server.ts": { payment_sessions: session },
  "app/domain/sessions/record-returned.server.ts": { session_activities: session },
  "app/domain/sessions/run-attempts.server.ts": {
    attempts: session,
    payment_sessions: session,
    routing_decisions: session,
    session_activities: session,
  },
  "app/domain/simulator/apply-transition.server.ts": {
    providerConnection: "the simulator's own checkout names it",
  },
  "app/domain/telemetry/read-readings.server.ts": { session_counters: all },
  "app/domain/users/accept-invitation.server.ts": {
    invitations: "the invitation that its link's token found",
  },
  "app/domain/users/refresh-tokens.server.ts": {
    refresh_tokens: "the token that its hash found, or its family",
  },
  "app/domain/users/user-session.server.ts": { user_sessions: "the session that its token's hash found" },
  "app/domain/webhooks/callback-secret.server.ts": { applications: found },
  "app/domain/webhooks/emit-session-event.server.ts": { payment_sessions: session },
  "app/domain/webhooks/queue-recovery.server.ts": { webhook_deliveries: found, webhook_recoveries: found },
  "app/domain/webhooks/read-receivers.server.ts": { webhook_endpoints: lane },
  "app/domain/webhooks/record-results.server.ts": { webhook_circuits: lane, webhook_endpoints: lane },
  "app/domain/webhooks/run-drill.server.ts": { webhook_drills: "the drill that its job names" },
  "app/domain/webhooks/webhook-dispatcher.server.ts": { webhook_deliveries: lane, webhook_events: lane },
  "app/features/checkout/checkout.presenter.server.ts": { paymentSession: session },
  "app/features/notices/notices.presenter.server.ts": { notices: "noticesForMember names the merchant" },
};

describe("every query on a tenant's table", () => {
  const queries = unscoped();

  it("names its tenant, or is listed here with its reason", () => {
    const unlisted = queries.filter(({ file, table }) => allowed[file]?.[table] === undefined);
    expect(unlisted.map(({ file, line, table, text }) => `${file}:${line} ${table}: ${text.trim()}`)).toEqual(
      [],
    );
  });

  it("is looked for where there are some: the list has no entry too many", () => {
    const found = new Set(queries.map(({ file, table }) => `${file} ${table}`));
    const listed = Object.entries(allowed).flatMap(([file, names]) =>
      Object.keys(names).map((name) => `${file} ${name}`),
    );
    expect(listed.filter((entry) => !found.has(entry))).toEqual([]);
    expect(tables.size).toBeGreaterThan(30);
  });
});
