// npm run smoke -- --url URL [--email E] [--password P]: one payment, end to end, through the API of any
// running instance: what an operator runs after a deploy. It makes an application of its own, in test
// mode, and archives it at the end. Exits with 1 and says which step failed.
import { randomUUID } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { Webhook } from "standardwebhooks";
import { z } from "zod";
import { exampleSessionBody } from "../app/contracts/example-session";
import { demoPassword, demoSignIns } from "../prisma/seed/sign-ins";

const { values: options } = parseArgs({
  options: {
    url: { type: "string", default: "http://localhost:3000" },
    email: { type: "string", default: demoSignIns[0].email },
    password: { type: "string", default: demoPassword },
  },
});
const base = new URL(options.url).origin;
const isLocal = /^(localhost|127\.0\.0\.1|\[::1\])$/.test(new URL(base).hostname);

const REQUEST_TIMEOUT_MS = 15_000;
const OUTCOME_TIMEOUT_MS = 30_000;

const order = exampleSessionBody(base);

let current = "";

/** Runs one step under its name; the name is what the operator reads when it fails. */
async function step<T>(name: string, work: () => Promise<T>): Promise<T> {
  current = name;
  const started = Date.now();
  const result = await work();
  console.log(`✓ ${name} (${Date.now() - started} ms)`);
  return result;
}

interface Call {
  token?: string;
  body?: unknown;
  headers?: Record<string, string>;
  expect: number;
}

/** One API call, checked for its status; answers outside `schema` fail the step with what was wrong. */
async function call<Schema extends z.ZodType>(
  method: string,
  path: string,
  schema: Schema,
  given: Call,
): Promise<z.output<Schema>> {
  const response = await fetch(base + path, {
    method,
    signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS),
    headers: {
      ...(given.token ? { authorization: `Bearer ${given.token}` } : {}),
      ...(given.body === undefined ? {} : { "content-type": "application/json" }),
      ...given.headers,
    },
    ...(given.body === undefined ? {} : { body: JSON.stringify(given.body) }),
  });
  const text = await response.text();
  if (response.status !== given.expect) {
    throw new Error(
      `${method} ${path} answered ${response.status} instead of ${given.expect}: ${text.slice(0, 500)}`,
    );
  }
  const result = schema.safeParse(text === "" ? undefined : JSON.parse(text));
  if (!result.success)
    throw new Error(`${method} ${path} answered something unexpected: ${z.prettifyError(result.error)}`);
  return result.data;
}

/** Asks until `done`, at most OUTCOME_TIMEOUT_MS. */
async function until<T>(
  ask: () => Promise<T>,
  done: (value: T) => boolean,
  what: (value: T) => string,
): Promise<T> {
  const deadline = Date.now() + OUTCOME_TIMEOUT_MS;
  for (;;) {
    const value = await ask();
    if (done(value)) return value;
    if (Date.now() > deadline) throw new Error(`${what(value)} after ${OUTCOME_TIMEOUT_MS / 1000} s`);
    await sleep(250);
  }
}

/** Sends a page's form as a browser would; returns where it leads. */
async function submit(page: URL, fields: Record<string, string>): Promise<URL> {
  const response = await fetch(page, {
    method: "POST",
    redirect: "manual",
    signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS),
    headers: { origin: page.origin, "sec-fetch-site": "same-origin" },
    body: new URLSearchParams(fields),
  });
  const location = response.headers.get("location");
  if (response.status < 300 || response.status > 399 || location === null) {
    throw new Error(
      `${page.pathname.replace(/\/pay\/.*/, "/pay/…")} answered ${response.status} instead of a redirect`,
    );
  }
  return new URL(location, page);
}

/** Follows redirects of this instance's own pages; stops before another site, which is the merchant's. */
async function follow(start: URL): Promise<URL> {
  let at = start;
  for (let hops = 0; hops < 5 && at.origin === start.origin; hops++) {
    const response = await fetch(at, { redirect: "manual", signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS) });
    const location = response.headers.get("location");
    if (location === null) {
      if (response.status !== 200) throw new Error(`a customer's page answered ${response.status}`);
      return at;
    }
    at = new URL(location, at);
  }
  return at;
}

interface Notice {
  headers: Record<string, string>;
  body: string;
}

/** The merchant's endpoint: keeps what arrives. */
async function startReceiver(): Promise<{ url: string; notices: Notice[]; close(): void }> {
  const notices: Notice[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const headers = Object.fromEntries(
        Object.entries(request.headers).map(([name, value]) => [name, String(value)]),
      );
      notices.push({ headers, body: Buffer.concat(chunks).toString("utf8") });
      response.writeHead(204).end();
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", resolve);
  });
  const { port } = server.address() as AddressInfo;
  return { url: `http://localhost:${port}/webhooks`, notices, close: () => server.close() };
}

const nothing = z.unknown();
const noticeSchema = z.object({
  id: z.string(),
  type: z.literal("session.completed"),
  data: z.object({ session: z.object({ id: z.string(), status: z.literal("SUCCEEDED") }) }),
});

/** The payment itself, in an application of its own. */
async function pay(token: string, applicationId: string): Promise<void> {
  const application = `/api/v1/applications/${applicationId}`;
  const { fullKey } = await step("create a test API key", () =>
    call("POST", `${application}/api-keys`, z.object({ fullKey: z.string().startsWith("ks_test_") }), {
      token,
      body: { description: "smoke", mode: "test" },
      expect: 201,
    }),
  );
  const receiver = isLocal ? await startReceiver() : null;
  try {
    const signingSecret = receiver
      ? await step("register a webhook endpoint", async () => {
          const body = { url: receiver.url, mode: "test", subscribedEvents: ["session.completed"] };
          const schema = z.object({ signingSecret: z.string().startsWith("whsec_") });
          return (await call("POST", `${application}/webhooks`, schema, { token, body, expect: 201 }))
            .signingSecret;
        })
      : null;

    const created = await step("create a session", () => {
      const schema = z.object({ sessionId: z.uuid(), checkoutUrl: z.url(), status: z.literal("PENDING") });
      const headers = { "idempotency-key": randomUUID() };
      return call("POST", "/api/v1/sessions", schema, { token: fullKey, body: order, headers, expect: 201 });
    });
    // By the address we were given: APP_URL may be a name that this machine does not know.
    const checkout = new URL(new URL(created.checkoutUrl).pathname, base);
    const provider = await step("open the hosted page and continue to the provider", async () => {
      await follow(checkout);
      const next = await submit(checkout, { intent: "continue" });
      return new URL(next.pathname + next.search, base);
    });
    const end = await step("pay with a test card", async () => {
      await follow(provider);
      const fields = { intent: "pay", cardNumber: "4242 4242 4242 4242", expiry: "12/34", cvc: "123" };
      return follow(await submit(provider, fields));
    });
    if (end.origin !== base && !end.href.startsWith(order.redirectUrls.success)) {
      throw new Error(`the customer ended on ${end.origin}${end.pathname}, not on the success page`);
    }
    await step("the session is SUCCEEDED", () =>
      until(
        () =>
          call("GET", `/api/v1/sessions/${created.sessionId}`, z.object({ status: z.string() }), {
            token: fullKey,
            expect: 200,
          }),
        ({ status }) => status === "SUCCEEDED",
        ({ status }) => `the session was still ${status}`,
      ),
    );
    if (receiver === null || signingSecret === null) {
      console.log("- webhooks are checked on localhost only: this machine cannot be reached from there");
      return;
    }
    await step("one correctly signed session.completed arrived", async () => {
      await until(
        async () => receiver.notices.length,
        (count) => count > 0,
        () => "no webhook had arrived",
      );
      for (const { headers, body } of receiver.notices) {
        const notice = noticeSchema.parse(new Webhook(signingSecret).verify(body, headers));
        if (notice.data.session.id !== created.sessionId)
          throw new Error("the webhook is about another session");
        if (notice.id !== headers["webhook-id"])
          throw new Error("the webhook's id differs between header and body");
      }
      const ids = new Set(receiver.notices.map(({ headers }) => headers["webhook-id"]));
      if (ids.size !== 1) throw new Error(`${ids.size} events arrived for one payment`);
    });
  } finally {
    receiver?.close();
  }
}

async function main(): Promise<void> {
  console.log(`One payment through ${base}`);
  await step("the instance is ready", () => call("GET", "/readyz", nothing, { expect: 200 }));
  const { accessToken: token } = await step("sign in", () => {
    const body = { email: options.email, password: options.password };
    return call("POST", "/api/v1/auth/login", z.object({ accessToken: z.string() }), { body, expect: 200 });
  });
  const { id } = await step("create an application", () =>
    call("POST", "/api/v1/applications", z.object({ id: z.uuid() }), {
      token,
      body: { name: `Smoke ${new Date().toISOString()}` },
      expect: 201,
    }),
  );
  try {
    await step("it has simulated providers in test mode", async () => {
      const schema = z.object({
        items: z.array(z.object({ provider: z.string(), mode: z.string(), isActive: z.boolean() })),
      });
      const { items } = await call("GET", `/api/v1/applications/${id}/providers`, schema, {
        token,
        expect: 200,
      });
      const active = items
        .filter(({ mode, isActive }) => mode === "test" && isActive)
        .map(({ provider }) => provider);
      for (const provider of ["stripe", "kiotapay"]) {
        if (!active.includes(provider)) throw new Error(`no active test connection of ${provider}`);
      }
    });
    await pay(token, id);
  } finally {
    const failed = current;
    await step("archive the application", () =>
      call("DELETE", `/api/v1/applications/${id}`, nothing, { token, expect: 204 }),
    ).catch((error: Error) => console.error(`! the application ${id} is still there: ${error.message}`));
    current = failed;
  }
}

try {
  await main();
  console.log("\nEverything works.");
  // Kept-alive connections would hold the process for a while.
  process.exit(0);
} catch (error) {
  const cause = error instanceof Error && error.cause instanceof Error ? ` (${error.cause.message})` : "";
  console.error(`\n✗ ${current}: ${error instanceof Error ? error.message : String(error)}${cause}`);
  process.exit(1);
}
