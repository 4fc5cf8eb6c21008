// A process that dies by SIGKILL in the middle of a create, for kill-recovery.test.ts:
//   kill-create.child.ts '{"env": {…}, "now": "…", "shop": null}'            makes a shop, prints its ids, ends
//   kill-create.child.ts '{"env": …, "now": …, "shop": {…}, "point": "…", "keys": […]}'
// Creates one session per key at once; when all of them stand at the point, the process kills itself.
import { exampleSessionBody } from "../../../app/contracts/example-session";
import { sessionCreateSchemas } from "../../../app/contracts/sessions";
import type { Database } from "../../../app/db/database";
import { systemActor, type UserActor } from "../../../app/domain/actor";
import { createApplication } from "../../../app/domain/applications/create-application.server";
import { fingerprintBody } from "../../../app/domain/idempotency/canonical-body.server";
import { createMerchant } from "../../../app/domain/merchants/create-merchant.server";
import type { Services } from "../../../app/domain/services";
import { createSession } from "../../../app/domain/sessions/create-session.server";
import { createUser } from "../../../app/domain/users/create-user.server";
import { createWebhookEndpoint } from "../../../app/domain/webhooks/create-webhook-endpoint.server";
import { parseEnv } from "../../../app/lib/env";
import { startServices } from "../../../app/services.server";

interface Order {
  env: Record<string, string>;
  now: string;
  shop: Shop | null;
  point: string;
  keys: string[];
  /** An application with an endpoint for session.created: its answer is stored by a transaction. */
  isObserved: boolean;
}

export interface Shop {
  actor: UserActor;
  applicationId: string;
  observedId: string;
}

let arrived = 0;
const order: Order = JSON.parse(process.argv[2] ?? "");
const services = await startServices(parseEnv(order.env), {
  runJobs: false,
  overrides: { clock: { now: () => new Date(order.now) } },
});

if (order.shop === null) {
  console.log(JSON.stringify(await makeShop()));
  await services.stop();
} else {
  const { actor, applicationId, observedId } = order.shop;
  const body = exampleSessionBody("http://localhost:3999");
  const create = (idempotencyKey: string) =>
    createSession(
      actor,
      {
        merchantId: actor.merchantId,
        applicationId: order.isObserved ? observedId : applicationId,
        mode: "test",
        idempotencyKey,
        body: sessionCreateSchemas.test.parse(body),
        fingerprint: fingerprintBody(body),
      },
      mortal(services),
    ).then(() => reach("stored, not answered"));
  await Promise.all(order.keys.map(create));
  console.log("survived");
  process.exit(1);
}

async function makeShop(): Promise<Shop> {
  const merchant = await createMerchant(systemActor, { name: "Shop" }, services);
  const membership = { merchantId: merchant.id, role: "owner" as const };
  const user = await createUser(
    systemActor,
    {
      email: "mara@example.test",
      password: "correct horse battery staple",
      firstName: "Mara",
      lastName: "Okafor",
      membership,
    },
    services,
  );
  const origin = { requestId: "test", ip: null, userAgent: null };
  const actor: UserActor = { ...origin, kind: "user", userId: user.id, ...membership, label: "Mara Okafor" };
  const application = await createApplication(actor, { name: "Plain" }, services);
  const observed = await createApplication(actor, { name: "Observed" }, services);
  const url = "https://hooks.example.com/";
  const endpoint = { applicationId: observed.id, url, mode: "test" as const };
  await createWebhookEndpoint(actor, { ...endpoint, subscribedEvents: ["session.created"] }, services);
  return { actor, applicationId: application.id, observedId: observed.id };
}

/** At the point that was asked for: waits for the others, then the process is gone without a word. */
async function reach(point: string): Promise<void> {
  if (point !== order.point) return;
  if (++arrived === order.keys.length) process.kill(process.pid, "SIGKILL");
  await new Promise(() => setInterval(() => undefined, 1_000));
}

/** The services of a process that may die between any two steps of a create. */
function mortal(real: Services): Services {
  const query = async (run: Database["query"], ...[text, values, options]: Parameters<Database["query"]>) => {
    if (text.includes("insert into idempotency_keys")) await reach("before the claim");
    const rows = await run(text, values, options);
    if (text.includes("insert into idempotency_keys")) await reach("claimed, with session and attempt");
    // In the transaction that stores the answer: everything of it but the commit.
    if (text.includes("set recovery_point = 'FINISHED'") && order.point === "in the storing transaction")
      await reach(order.point);
    return rows;
  };
  const db = {
    ...real.db,
    query: (...args: Parameters<Database["query"]>) => query(real.db.query, ...args),
    transaction: <T>(work: Parameters<Database["transaction"]>[0]) =>
      real.db.transaction((tx) =>
        work({
          ...tx,
          query: (...args: Parameters<Database["query"]>) => query(tx.query, ...args),
        } as typeof tx),
      ) as Promise<T>,
  } as Database;
  return {
    ...real,
    db,
    providers: {
      ...real.providers,
      adapterFor(connection) {
        const adapter = real.providers.adapterFor(connection);
        return (
          adapter && {
            ...adapter,
            async createCheckout(...args) {
              await reach("before the provider is asked");
              const checkout = await adapter.createCheckout(...args);
              await reach("the provider answered, nothing stored");
              return checkout;
            },
          }
        );
      },
    },
  };
}
