import { type ChildProcess, spawn } from "node:child_process";
import { createServer, type Server } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { afterAll, describe, expect, it } from "vitest";
import { driverOf } from "~/db/drivers.server";
import { createKeyring } from "~/lib/crypto.server";
import { newId } from "~/lib/ids";
import { freshDatabase } from "../../support/database";
import { createApplication, createMerchant, createUser } from "../../support/factories";
import { testServices } from "../../support/services";
import { addEndpoint } from "./support";

// Promise 3 of reliability.md: every event that was committed reaches every endpoint, in the order of its session,
// while endpoints fail, hang and die and the process that delivers is killed. Two processes share one database, so
// it is PostgreSQL's. WEBHOOK_LEDGER=5000 makes it the whole ledger.
const EVENTS = Number(process.env.WEBHOOK_LEDGER ?? 400);
const KILLS = 3;
const SECRET = "a secret for tests only - 32 characters or more";
const TIMEOUT_MS = 120_000 + EVENTS * 40;

/** What a receiver does with a request; `events` counts its own. */
type Behaviour = (events: number) => "take" | "fail" | "hang" | "cut";

interface Receiver {
  name: string;
  url: string;
  /** Of each session the sequence numbers that it took, in the order in which it took them. */
  taken: Map<string, number[]>;
  ids: Set<string>;
  stop(): void;
  start(): Promise<void>;
}

const servers: Server[] = [];
const children: ChildProcess[] = [];
afterAll(() => {
  for (const child of children) child.kill("SIGKILL");
  for (const server of servers) {
    server.closeAllConnections();
    server.close();
  }
});

async function receiver(name: string, behaviour: Behaviour): Promise<Receiver> {
  const taken = new Map<string, number[]>();
  const ids = new Set<string>();
  const sockets = new Set<Socket>();
  let events = 0;
  const server = createServer(async (request, response) => {
    let body = "";
    for await (const chunk of request) body += chunk;
    const told = behaviour(events++);
    if (told === "hang") return;
    if (told === "cut") return void request.socket.destroy();
    if (told === "fail") return void response.writeHead(500).end();
    const event = JSON.parse(body);
    ids.add(String(request.headers["webhook-id"]));
    taken.set(event.session, [...(taken.get(event.session) ?? []), event.sequence]);
    response.end();
  });
  server.on("connection", (socket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
  });
  servers.push(server);
  let port = 0;
  const start = () =>
    new Promise<void>((resolve) =>
      server.listen(port, "127.0.0.1", () => {
        port = (server.address() as AddressInfo).port;
        resolve();
      }),
    );
  await start();
  return {
    name,
    url: `http://localhost:${port}/${name}`,
    taken,
    ids,
    start,
    stop() {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}

async function startDeliverer(databaseUrl: string): Promise<ChildProcess> {
  const env = {
    NODE_ENV: "test",
    LOG_LEVEL: "error",
    DATABASE_URL: databaseUrl,
    APP_SECRET: SECRET,
    ALLOW_LOCAL_WEBHOOKS: "true",
  };
  const child = spawn(
    process.execPath,
    ["--import", "tsx", "tests/integration/webhooks/ledger.child.ts", JSON.stringify(env)],
    { stdio: ["ignore", "pipe", "inherit"] },
  );
  children.push(child);
  await new Promise<void>((resolve, reject) => {
    child.stdout?.once("data", () => resolve());
    child.once("exit", (code) => reject(new Error(`the deliverer ended with ${code}`)));
  });
  return child;
}

function kill(child: ChildProcess): Promise<void> {
  const gone = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  child.kill("SIGKILL");
  return gone;
}

describe.skipIf(!process.env.DATABASE_URL)("the ledger of events", () => {
  it(`committed minus delivered is empty after ${EVENTS} events and ${KILLS} kills, in the order of each session`, {
    timeout: TIMEOUT_MS,
  }, async () => {
    const db = await freshDatabase();
    const driver = driverOf(db);
    if (driver.kind !== "postgres") throw new Error("only on PostgreSQL");
    const services = { ...(await testServices({ db })), keyring: createKeyring([SECRET]) };
    services.clock.set(new Date());
    const merchant = await createMerchant(services);
    const owner = await createUser(services, { merchantId: merchant.id });
    const application = await createApplication(services, owner.actor);
    const shop = { services, owner, applicationId: application.id };
    const receivers = [
      await receiver("well", () => "take"),
      await receiver("flaky", (events) => (events % 7 === 3 ? "fail" : "take")),
      await receiver("hanging", (events) => (events < 3 ? "hang" : "take")),
      await receiver("dying", (events) => (events % 11 === 5 ? "cut" : "take")),
    ];
    const endpoints = [];
    for (const { url } of receivers) endpoints.push(await addEndpoint(shop, url));

    // As a session's transactions write them: the event and its deliveries at once. Three events a session.
    const committed: string[] = [];
    const commit = async (session: string, sequence: number) => {
      const id = newId();
      const at = new Date();
      await db.transaction(async (tx) => {
        await tx.query(
          `insert into webhook_events (id, merchant_id, application_id, mode, type, session_id, sequence, body, created_at)
             values ($1, $2, $3, 'test', 'session.completed', $4, $5, $6, $7)`,
          [id, merchant.id, application.id, session, sequence, JSON.stringify({ id, session, sequence }), at],
        );
        await tx.query(
          `insert into webhook_deliveries (id, merchant_id, event_id, endpoint_id, url, next_attempt_at, created_at)
             select gen_random_uuid(), $1, $2, e.id, e.url, $3, $3 from webhook_endpoints e`,
          [merchant.id, id, at],
        );
      });
      committed.push(id);
    };

    let deliverer = await startDeliverer(driver.databaseUrl);
    const sessions = Array.from({ length: Math.ceil(EVENTS / 3) }, () => newId());
    for (const [index, session] of sessions.entries()) {
      for (const sequence of [1, 2, 3]) if (committed.length < EVENTS) await commit(session, sequence);
      if (
        index % Math.ceil(sessions.length / (KILLS + 1)) ===
        Math.floor(sessions.length / (2 * KILLS + 2))
      ) {
        if (deliverer.exitCode === null && children.length <= KILLS) {
          await kill(deliverer);
          deliverer = await startDeliverer(driver.databaseUrl);
        }
      }
      // A receiver that is away for a while.
      if (index === Math.floor(sessions.length / 3)) receivers[3]?.stop();
      if (index === Math.floor(sessions.length / 2)) await receivers[3]?.start();
    }
    expect(children).toHaveLength(KILLS + 1);

    // Retries wait for minutes by the schedule; what is due is the deliverer's own business, when is not.
    await expect
      .poll(
        async () => {
          await db.query(
            `update webhook_deliveries set next_attempt_at = now()
                where status = 'PENDING' and next_attempt_at > now() + interval '2 seconds'`,
          );
          await db.query(`update webhook_circuits set open_until = now() where open_until > now()`);
          const [row] = await db.query<{ n: number }>(
            `select count(*)::int4 as n from webhook_deliveries where status <> 'DELIVERED'`,
          );
          return row?.n;
        },
        { timeout: TIMEOUT_MS - 30_000, interval: 500 },
      )
      .toBe(0);
    await kill(deliverer);

    expect(committed).toHaveLength(EVENTS);
    // An event that failed for over a minute gives way (api.md §6): of such sessions the order is not promised.
    const gaveWay = new Set(
      (
        await db.query<{ key: string }>(
          `select distinct (v.session_id || ' ' || d.url) as key
         from webhook_deliveries d join webhook_events v on v.id = d.event_id
         join webhook_delivery_attempts a on a.delivery_id = d.id and a.number = 1
        where d.delivered_at > a.started_at + interval '55 seconds'`,
        )
      ).map(({ key }) => key),
    );
    for (const { name, url, ids, taken } of receivers) {
      expect(
        committed.filter((id) => !ids.has(id)),
        `committed and not delivered to ${name}`,
      ).toEqual([]);
      // At least once: a repetition is allowed, a later event before an earlier one's first arrival is not.
      const outOfOrder = [...taken].filter(([session, sequences]) => {
        if (gaveWay.has(`${session} ${url}`)) return false;
        const first = sequences.filter((sequence, index) => sequences.indexOf(sequence) === index);
        return first.some((sequence, index) => sequence !== index + 1);
      });
      expect(outOfOrder, `out of order at ${name}`).toEqual([]);
    }
    const [twice] = await db.query<{ n: number }>(
      `select count(*)::int4 as n from webhook_delivery_attempts a where a.number > 1 and exists (
           select from webhook_delivery_attempts b where b.delivery_id = a.delivery_id and b.number < a.number and b.error is null)`,
    );
    expect(twice?.n, "tries that were recorded after a success").toBe(0);
  });
});
