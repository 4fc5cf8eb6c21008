import { afterEach, beforeAll, beforeEach, describe, expect, it, onTestFinished, vi } from "vitest";
import { exampleSessionBody } from "~/contracts/example-session";
import { sessionCreateSchemas } from "~/contracts/sessions";
import { driverOf } from "~/db/drivers.server";
import { fingerprintBody } from "~/domain/idempotency/canonical-body.server";
import { createLiveUpdates } from "~/domain/live/create-live-updates.server";
import type { LiveScope, LiveUpdates } from "~/domain/live/live-updates";
import { createSession } from "~/domain/sessions/create-session.server";
import { expireSession } from "~/domain/sessions/expire-session.server";
import { liveResponse } from "~/http/live-response.server";
import { newId } from "~/lib/ids";
import { resetDatabase, testDatabase } from "../../support/database";
import { createShop } from "../../support/factories";
import { type TestServices, testServices } from "../../support/services";

/** On PostgreSQL two instances; the embedded database has one, which is both. */
let services: TestServices;
let other: LiveUpdates;
let isPostgres: boolean;

beforeAll(async () => {
  isPostgres = (await testDatabase()).kind === "postgres";
});
beforeEach(async () => {
  services = await testServices();
  await resetDatabase(services.db);
  other = isPostgres ? createLiveUpdates(services) : services.live;
});
afterEach(async () => {
  await other.stop();
  await services.live.stop();
});

/** Resolves when the subscription works: LISTEN takes a moment. */
async function heard(live: LiveUpdates, scope: LiveScope): Promise<{ count: number; ended: boolean }> {
  const seen = { count: 0, ended: false };
  onTestFinished(live.subscribe(scope, { onChange: () => seen.count++, onEnd: () => (seen.ended = true) }));
  const probe = vi.fn();
  const probeScope = { applicationId: newId(), mode: "test" as const };
  const leave = live.subscribe(probeScope, { onChange: probe, onEnd: () => undefined });
  await vi.waitFor(
    () => {
      services.live.changed(probeScope);
      expect(probe).toHaveBeenCalled();
    },
    { timeout: 10_000 },
  );
  leave();
  return seen;
}

describe("live updates", () => {
  it("reach another instance, of that application and mode only", async () => {
    const applicationId = newId();
    const test = await heard(other, { applicationId, mode: "test" });
    const live = await heard(other, { applicationId, mode: "live" });
    for (let count = 0; count < 50; count++) services.live.changed({ applicationId, mode: "test" });
    await vi.waitFor(() => expect(test.count).toBeGreaterThan(0));
    // Many changes of a moment are few messages.
    expect(test.count).toBeLessThan(5);
    expect(live.count).toBe(0);
  });

  it("come with a session that is made, and with one that changes", async () => {
    const shop = await createShop(services);
    const scope = { applicationId: shop.application.id, mode: "test" as const };
    const seen = await heard(other, scope);
    const body = exampleSessionBody("http://localhost:3999");
    const created = await createSession(
      shop.owner.actor,
      {
        ...scope,
        merchantId: shop.merchant.id,
        idempotencyKey: newId(),
        body: sessionCreateSchemas.test.parse(body),
        fingerprint: fingerprintBody(body),
      },
      services,
    );
    await vi.waitFor(() => expect(seen.count).toBe(1));
    await expireSession(shop.owner.actor, { sessionId: JSON.parse(created.body).sessionId }, services);
    await vi.waitFor(() => expect(seen.count).toBe(2));
  });

  it("go on after the connection was cut, and say that something may have been missed", async () => {
    if (driverOf(services.db).kind !== "postgres") return;
    const scope = { applicationId: newId(), mode: "test" as const };
    const seen = await heard(other, scope);
    await services.db.query(
      "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and query like 'listen%'",
    );
    await vi.waitFor(() => expect(seen.count).toBeGreaterThan(0), { timeout: 10_000 });
    const before = seen.count;
    services.live.changed(scope);
    await vi.waitFor(() => expect(seen.count).toBeGreaterThan(before));
  });
});

describe("the stream of a page", () => {
  it("says `changed`, and ends with the process, before it is asked to", async () => {
    const scope = { applicationId: newId(), mode: "test" as const };
    const request = new Request("http://localhost/live");
    const response = liveResponse(request, scope, services.live);
    expect(response.headers.get("content-type")).toBe("text/event-stream");
    const reader = (response.body as ReadableStream<Uint8Array>)
      .pipeThrough(new TextDecoderStream() as unknown as TransformStream<Uint8Array, string>)
      .getReader();
    expect((await reader.read()).value).toContain("retry:");
    await heard(services.live, scope);
    services.live.changed(scope);
    expect((await reader.read()).value).toBe("event: changed\ndata:\n\n");
    services.live.endSubscriptions();
    expect((await reader.read()).done).toBe(true);
    // Who asks during a shutdown is sent away at once.
    const late = liveResponse(request, scope, services.live);
    expect(await late.text()).toBe("retry: 3000\n\n");
  });

  it("is forgotten when the browser leaves", async () => {
    const scope = { applicationId: newId(), mode: "test" as const };
    const gone = new AbortController();
    const leave = vi.fn();
    const live: LiveUpdates = { ...services.live, subscribe: () => leave };
    const response = liveResponse(new Request("http://localhost/live", { signal: gone.signal }), scope, live);
    gone.abort();
    expect(leave).toHaveBeenCalledOnce();
    await response.body?.cancel();
    expect(leave).toHaveBeenCalledOnce();
  });
});
