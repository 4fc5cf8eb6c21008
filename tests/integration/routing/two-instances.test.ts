import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import { exampleSessionBody } from "~/contracts/example-session";
import { sessionCreateSchemas } from "~/contracts/sessions";
import { fingerprintBody } from "~/domain/idempotency/canonical-body.server";
import { createSession } from "~/domain/sessions/create-session.server";
import { createSimulatorBackend } from "~/domain/simulator/simulator-backend.server";
import { newId } from "~/lib/ids";
import { type ProviderAdapter, ProviderRefusal } from "~/providers/port";
import { createSimulatorAdapter } from "~/providers/simulator/adapter.server";
import { resetDatabase, testDatabase } from "../../support/database";
import { createShop } from "../../support/factories";
import { type TestServices, testServices } from "../../support/services";

/** Two instances share nothing but the database (and, here, the time). */
let instances: [TestServices, TestServices];
let shop: Awaited<ReturnType<typeof createShop>>;
/** Creates that the sick provider got. */
let calls: number;
let isSick: boolean;
let sickProvider: string;

beforeAll(async () => {
  const db = await testDatabase();
  const start = async () => {
    const plain = await testServices({ db });
    const simulator = createSimulatorAdapter(createSimulatorBackend(plain), plain.clock);
    const adapter: ProviderAdapter = {
      ...simulator,
      async createCheckout(connection, request, signal) {
        if (connection.provider === sickProvider) {
          calls++;
          if (isSick) throw new ProviderRefusal("provider_error", "the provider answered 503");
        }
        return simulator.createCheckout(connection, request, signal);
      },
    };
    return testServices({ db, providers: { ...plain.providers, adapterFor: () => adapter } });
  };
  const first = await start();
  const second = await start();
  second.clock = first.clock;
  instances = [first, second];
});

beforeEach(async () => {
  const [first] = instances;
  await resetDatabase(first.db);
  first.clock.set("2026-07-01T12:00:00Z");
  shop = await createShop(first);
  isSick = false;
  calls = 0;
  sickProvider = "";
});

/** Providers that took these creates, half of which each instance gets, all at once. */
async function create(count: number): Promise<string[]> {
  const body = exampleSessionBody("http://localhost:3999");
  const answers = await Promise.all(
    Array.from({ length: count }, (_, position) =>
      createSession(
        shop.owner.actor,
        {
          merchantId: shop.merchant.id,
          applicationId: shop.application.id,
          mode: "test",
          idempotencyKey: newId(),
          body: sessionCreateSchemas.test.parse(body),
          fingerprint: fingerprintBody(body),
        },
        position % 2 === 0 ? instances[0] : instances[1],
      ),
    ),
  );
  expect(answers.map(({ status }) => status)).toEqual(Array(count).fill(201));
  return answers.map(({ body: text }) => JSON.parse(text).routing.selectedProvider);
}

const breaker = async () => {
  const rows = await instances[0].db.query<{ breaker: string }>(
    `select h.breaker::text from connection_health h join provider_connections c on c.id = h.connection_id
      where c.provider = $1`,
    [sickProvider],
  );
  return rows[0]?.breaker;
};

describe("two instances under a provider's outage", () => {
  it("both stop at the trip, give it one probe at a time, and both return", async () => {
    sickProvider = mostFrequent(await create(20));
    isSick = true;
    for (let round = 0; round < 20 && (await breaker()) !== "OPEN"; round++) await create(4);
    expect(await breaker()).toBe("OPEN");

    // How long this machine took is no provider's latency: all are equally quick again.
    await instances[0].db.query("update connection_health set p50_latency_ms = 100");

    calls = 0;
    expect(await create(8)).not.toContain(sickProvider);
    expect(calls, "creates at the sick provider after the trip").toBe(0);

    // 10 s, then 20 s, and so on up to 60 s: one probe each, however many creates there are at that moment.
    for (const [round, seconds] of [10, 20, 40, 60].entries()) {
      instances[0].clock.advance((seconds - 1) * 1000);
      await create(4);
      expect(calls, `before probe ${round + 1}`).toBe(round);
      instances[0].clock.advance(1000);
      await untilProbed(round + 1);
      expect(await create(4)).not.toContain(sickProvider);
      expect(calls, `after probe ${round + 1}`).toBe(round + 1);
    }

    isSick = false;
    instances[0].clock.advance(60_000);
    await untilProbed(5);
    // Successes are written together, once a second.
    await expect.poll(breaker, { timeout: 10_000 }).toBe("CLOSED");
    calls = 0;
    const afterwards = await create(24);
    const halves = [0, 1].map((half) => afterwards.filter((_, position) => position % 2 === half));
    for (const half of halves) expect(half).toContain(sickProvider);
  });

  /** Creates, 8 at a time, until the sick provider was asked `expected` times: it is not everybody's first choice. */
  async function untilProbed(expected: number): Promise<void> {
    for (let round = 0; round < 50 && calls < expected; round++) await create(8);
    expect(calls).toBe(expected);
  }
});

function mostFrequent(values: string[]): string {
  const count = (value: string) => values.filter((each) => each === value).length;
  return [...values].sort((a, b) => count(b) - count(a))[0] ?? "";
}
