import { createSimulatorBackend } from "~/domain/simulator/simulator-backend.server";
import { newId } from "~/lib/ids";
import type { ConnectionContext } from "~/providers/port";
import { createSimulatorAdapter } from "~/providers/simulator/adapter.server";
import { eventBody } from "~/providers/simulator/event.server";
import { signedHeaders } from "~/providers/simulator/signature.server";
import { createShop } from "../../support/factories";
import { describeProviderContract } from "../../support/providers/contract";
import { testServices } from "../../support/services";

const scenes = {
  "waiting for the customer": { state: "open" },
  "3-D Secure": { state: "requires_action" },
  processing: { state: "processing" },
  paid: { state: "paid", card_brand: "visa", card_last4: "4242" },
  declined: { state: "failed", failure_code: "insufficient_funds", card_brand: "visa", card_last4: "9995" },
  "M-Pesa not answered": { state: "failed", failure_code: "stk_timeout", phone_last3: "678" },
  expired: { state: "expired" },
} as const;

describeProviderContract(
  "simulator",
  {
    isIdempotent: true,
    findsByReference: true,
    notices: "signed_with_time",
    faults: ["silent", "server_error"],
    hasCredentials: false,
    amounts: [
      [14076n, "AUD"],
      [500n, "JPY"],
      [5_123n, "KWD"],
    ],
    scenes: [
      { name: "waiting for the customer", expected: { state: "PENDING" } },
      { name: "3-D Secure", expected: { state: "REQUIRES_ACTION" } },
      { name: "processing", expected: { state: "PROCESSING" } },
      { name: "paid", expected: { state: "SUCCEEDED", card: { brand: "visa", last4: "4242" } } },
      {
        name: "declined",
        expected: {
          state: "FAILED",
          failureCode: "insufficient_funds",
          failureReason: "insufficient_funds",
          card: { brand: "visa", last4: "9995" },
        },
      },
      {
        name: "M-Pesa not answered",
        expected: {
          state: "FAILED",
          failureCode: "stk_timeout",
          failureReason: "mpesa_timeout",
          payerPhoneLast3: "678",
        },
      },
      { name: "expired", expected: { state: "EXPIRED", failureReason: "expired" } },
    ],
  },
  async () => {
    const services = await testServices();
    const { db, clock, config } = services;
    const shop = await createShop(services);
    const backend = createSimulatorBackend({ db, clock, config });
    const [{ id: connectionId }] = (await db.query<{ id: string }>(
      "select id from provider_connections where application_id = $1 and provider = 'stripe'",
      [shop.application.id],
    )) as [{ id: string }];
    const connection: ConnectionContext = {
      connectionId,
      provider: "stripe",
      mode: "test",
      credentials: null,
      webhookSecret: Buffer.from("a secret of thirty-two bytes ...").toString("base64"),
      simulatorSettings: null,
    };
    return {
      adapter: createSimulatorAdapter(backend, clock),
      connection,
      clock,
      async count(reference) {
        const rows = await db.query("select 1 from simulator_checkouts where reference = $1", [reference]);
        return rows.length;
      },
      fault: (kind) => ({
        ...connection,
        simulatorSettings: { outage: kind === "silent" ? "timeout" : "refuse" },
      }),
      arrival: () => Promise.resolve(),
      async play(scene, id) {
        const columns: { state: string } & Record<string, string> = scenes[scene as keyof typeof scenes];
        await db.query(
          `update simulator_checkouts set state = $2, failure_code = $3, card_brand = $4, card_last4 = $5, phone_last3 = $6
            where id = $1`,
          [
            id,
            columns.state,
            columns.failure_code ?? null,
            columns.card_brand ?? null,
            columns.card_last4 ?? null,
            columns.phone_last3 ?? null,
          ],
        );
      },
      async notice(id) {
        const view = (await backend.get(connectionId, id))!;
        const eventId = newId();
        const body = Buffer.from(eventBody(eventId, clock.now(), view));
        return {
          body,
          headers: new Headers(signedHeaders(connection.webhookSecret!, eventId, clock.now(), body)),
        };
      },
      stop: () => undefined,
    };
  },
);
