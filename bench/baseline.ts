// What the bench compares with: bare node:http and pg, and for a create one CTE that writes the same rows into
// the same schema; for a login the same hash of the password is verified, and no token is made. It checks nothing, decides nothing and asks nobody: what it reaches is what the rows cost.
// Started by bench/sessions.ts: baseline.ts <plan.json>
import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { verify } from "@node-rs/argon2";
import pg from "pg";
import { newId } from "../app/lib/ids";

/** One row of one table, every value as text, with its PostgreSQL type. */
export interface TemplateRow {
  table: string;
  columns: { name: string; type: string; value: string }[];
}

export interface Plan {
  databaseUrl: string;
  port: number;
  poolSize: number;
  rows: TemplateRow[];
  /** Values of the template that are new in each create: unique ones. */
  unique: { ids: string[]; references: string[]; sessionId: string; idempotencyKey: string };
  answer: string;
  applicationId: string;
}

const plan: Plan = JSON.parse(readFileSync(process.argv[2] ?? "", "utf8"));
const pool = new pg.Pool({
  connectionString: plan.databaseUrl,
  max: plan.poolSize,
  options: "-c TimeZone=UTC",
});

let placeholder = 0;
const create = {
  name: "create",
  text: `with ${plan.rows
    .map(({ table, columns }, index) => {
      const names = columns.map(({ name }) => `"${name}"`).join(", ");
      const values = columns.map(({ type }) => `$${++placeholder}::${type}`).join(", ");
      return `row${index} as (insert into ${table} (${names}) values (${values}))`;
    })
    .join(",\n")} select 1`,
};

function valuesOf(idempotencyKey: string): string[] {
  const now = Date.now();
  const renewed = new Map<string, string>();
  for (const id of plan.unique.ids) renewed.set(id, newId());
  for (const reference of plan.unique.references) renewed.set(reference, randomBytes(12).toString("hex"));
  const sessionId = renewed.get(plan.unique.sessionId) ?? "";
  renewed.set(plan.unique.idempotencyKey, idempotencyKey);
  renewed.set(`${plan.unique.sessionId}-1`, `${sessionId}-1`);
  const at = new Date(now).toISOString();
  const later = new Date(now + 3_600_000).toISOString();
  return plan.rows.flatMap(({ columns }) =>
    columns.map(({ name, type, value }) =>
      type === "timestamptz" ? (name === "expires_at" ? later : at) : (renewed.get(value) ?? value),
    ),
  );
}

const READ = { name: "read", text: "select * from payment_sessions where id = $1" };
const USER = { name: "user", text: "select password_hash from users where email = $1" };
const LIST = {
  name: "list",
  text: `select * from payment_sessions where application_id = $1 and mode = 'test'
         order by created_at desc, id desc limit 20`,
};

createServer(async (request, response) => {
  let body = "";
  for await (const chunk of request) body += chunk;
  const answer = (status: number, text: string) =>
    response.writeHead(status, { "content-type": "application/json" }).end(text);
  try {
    if (request.url === "/api/v1/auth/login") {
      const { email, password } = JSON.parse(body);
      const { rows } = await pool.query({ ...USER, values: [email] });
      answer((await verify(rows[0].password_hash, password)) ? 200 : 401, "{}");
    } else if (request.method === "POST") {
      JSON.parse(body);
      await pool.query({ ...create, values: valuesOf(String(request.headers["idempotency-key"])) });
      answer(201, plan.answer);
    } else {
      const id = request.url?.split("/")[4]?.split("?")[0];
      const query = id ? { ...READ, values: [id] } : { ...LIST, values: [plan.applicationId] };
      answer(200, JSON.stringify((await pool.query(query)).rows));
    }
  } catch (error) {
    answer(500, JSON.stringify({ error: String(error) }));
  }
}).listen(plan.port, "127.0.0.1");
