import { beforeAll, describe, expect, it } from "vitest";
import { exampleSessionBody } from "~/contracts/example-session";
import { newId } from "~/lib/ids";
import { startTestApp, type TestApp } from "../../support/app";
import { createShop } from "../../support/factories";

const METRICS_TOKEN = "a token of the tests";
let app: TestApp;
beforeAll(async () => {
  app = await startTestApp({ env: { METRICS_TOKEN } });
});

const scrape = (token?: string) => app.call("GET", "/metrics", token === undefined ? {} : { token });
/** The sample whose labels hold all of `labels`; null when there is none. */
async function sample(name: string, labels: Record<string, string>): Promise<number | null> {
  const { text } = await scrape(METRICS_TOKEN);
  const line = text
    .split("\n")
    .find(
      (one) =>
        one.startsWith(`${name}{`) && Object.entries(labels).every(([k, v]) => one.includes(`${k}="${v}"`)),
    );
  return line === undefined ? null : Number(line.slice(line.lastIndexOf(" ")));
}

describe("/metrics", () => {
  it("is for who has the token", async () => {
    expect((await scrape()).status).toBe(401);
    expect((await scrape("another token of the tests")).status).toBe(401);
    const answer = await scrape(METRICS_TOKEN);
    expect(answer.status).toBe(200);
    expect(answer.headers.get("content-type")).toContain("text/plain");
  });

  it("counts requests by the pattern of their route, whatever the address was", async () => {
    const { fullKey } = await createShop(app.services);
    await app.call("GET", `/api/v1/sessions/${newId()}`, { token: fullKey });
    await app.call("GET", `/api/v1/nowhere/${newId()}`, { token: fullKey });
    await app.call("GET", `/assets/${newId()}.js`);
    const name = "kadosei_http_request_duration_seconds_count";
    expect(await sample(name, { method: "GET", route: "/api/v1/sessions/:sessionId", status: "404" })).toBe(
      1,
    );
    expect(await sample(name, { route: "/api/*", status: "404" })).toBe(1);
    const { text } = await scrape(METRICS_TOKEN);
    expect(text).not.toMatch(/[0-9a-f]{8}-[0-9a-f]{4}-/);
  });

  it("counts what was asked of providers, what routing chose, and how sessions stand", async () => {
    const { fullKey } = await createShop(app.services);
    const answer = await app.call("POST", "/api/v1/sessions", {
      token: fullKey,
      body: exampleSessionBody("http://localhost:3000"),
      headers: { "idempotency-key": newId() },
    });
    const provider = answer.json.routing.selectedProvider;
    const labels = { provider, mode: "test" };
    expect(
      await sample("kadosei_provider_create_duration_seconds_count", { ...labels, result: "accepted" }),
    ).toBe(1);
    expect(await sample("kadosei_routing_choices_total", labels)).toBe(1);
    expect(await sample("kadosei_sessions", { ...labels, status: "PENDING" })).toBe(1);
  });

  it("knows the jobs, the webhooks and this process", async () => {
    const { text } = await scrape(METRICS_TOKEN);
    expect(text).toMatch(/^kadosei_webhook_oldest_due_seconds \d/m);
    expect(text).toMatch(/^kadosei_webhook_deliveries_pending \d/m);
    expect(text).toMatch(/^kadosei_api_log_dropped 0$/m);
    expect(text).toMatch(/^nodejs_eventloop_lag_p99_seconds /m);
    if (app.services.db.kind === "postgres") {
      expect(await sample("kadosei_database_connections", { state: "total" })).toBeGreaterThan(0);
    }
    const later = new Date(Date.now() + 3_600_000);
    await app.services.db.transaction((tx) =>
      app.services.jobs.enqueue(tx, "sweep", {}, { startAfter: later }),
    );
    expect(await sample("kadosei_jobs", { job: "sweep", state: "created" })).toBeGreaterThan(0);
  });
});

describe("without a token", () => {
  it("is not there", async () => {
    const closed = await startTestApp();
    expect((await closed.call("GET", "/metrics", { token: METRICS_TOKEN })).status).toBe(404);
  });
});
