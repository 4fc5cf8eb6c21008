import { connect, createServer, type Socket } from "node:net";
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from "vitest";
import type { Database } from "~/db/database";
import { driverOf } from "~/db/drivers.server";
import { openNotifications } from "~/db/notifications.server";
import { openDatabase } from "~/db/open-database.server";
import { isUnavailable } from "~/db/retry.server";
import { testDatabase } from "../../support/database";

/** A way to the database that can stand still: nothing comes through, and nobody is told. */
const sockets: Socket[] = [];
const way = createServer();
let url: string;

beforeAll(async () => {
  const driver = driverOf(await testDatabase());
  if (driver.kind !== "postgres") return;
  const target = new URL(driver.databaseUrl);
  way.on("connection", (client) => {
    const server = connect(Number(target.port || 5432), target.hostname);
    sockets.push(client, server);
    // What was open when it froze stays frozen; what is new comes through.
    const isOld = { now: false };
    old.push(isOld);
    client.on("data", (chunk) => isOld.now || server.write(chunk)).on("error", () => server.destroy());
    server.on("data", (chunk) => isOld.now || client.write(chunk)).on("error", () => client.destroy());
  });
  await new Promise<void>((resolve) => way.listen(0, "127.0.0.1", resolve));
  url = Object.assign(new URL(target), {
    hostname: "127.0.0.1",
    port: String((way.address() as { port: number }).port),
  }).href;
});
const old: { now: boolean }[] = [];
afterAll(() => {
  for (const socket of sockets) socket.destroy();
  way.close();
});

const freeze = () => {
  for (const connection of old) connection.now = true;
};

describe.skipIf(!process.env.DATABASE_URL)("a connection that nobody answers on", () => {
  async function open(): Promise<Database> {
    const database = await openDatabase({
      ...{ databaseUrl: url, dataDir: "", poolSize: 2, log: () => undefined },
      // With the slack that it gets: nobody waits longer than six seconds.
      statementTimeoutMs: 1_000,
    });
    onTestFinished(() => database.close());
    return database;
  }

  it("is given up; the statement fails, the next one gets another connection, a transaction starts again", async () => {
    const database = await open();
    await Promise.all([
      database.query("select 1", [], { prepare: true }),
      database.query("select 1"),
      database.prisma.merchant.count(),
    ]);
    freeze();
    const results = await Promise.allSettled([
      database.query("select 1", [], { prepare: true }),
      database.query("select 1"),
      database.transaction((tx) => tx.query("select 2 as two")),
    ]);
    expect(results.slice(0, 2).map(({ status }) => status)).toEqual(["rejected", "rejected"]);
    expect(results[2]).toEqual({ status: "fulfilled", value: [{ two: 2 }] });
    expect(await database.query("select 1 as one")).toEqual([{ one: 1 }]);
    expect(await database.query("select 1 as one", [], { prepare: true })).toEqual([{ one: 1 }]);
  }, 60_000);

  it("is noticed where somebody only listens: another one listens, and the end does not wait for it", async () => {
    const database = await open();
    const notifications = openNotifications(database, "silence", () => undefined, { checkMs: 200 });
    const heard: string[] = [];
    let gaps = 0;
    const leave = notifications.listen({ onMessage: (text) => heard.push(text), onGap: () => gaps++ });
    const isHeard = (text: string) =>
      vi.waitFor(
        async () => {
          await notifications.send([text]);
          expect(heard).toContain(text);
        },
        { timeout: 20_000, interval: 100 },
      );
    await isHeard("before");
    freeze();
    await isHeard("after");
    expect(gaps).toBe(1);
    freeze();
    await leave();
  }, 60_000);

  it("keeps who waits for its lock no longer than a statement may run: that is no fault of the caller's", async () => {
    const database = await open();
    await database.script("create table held (id int); insert into held values (1)");
    onTestFinished(() => database.script("drop table held"));
    await database.transaction(async (tx) => {
      await tx.query("select * from held for update");
      const waiting = database.query("update held set id = 2");
      await expect(waiting.catch(isUnavailable)).resolves.toBe(true);
    });
  }, 60_000);

  it("is kept while it is idle, and while a statement may still run", async () => {
    const database = await open();
    const pidOf = async () =>
      (await database.query<{ pid: number }>("select pg_backend_pid() as pid"))[0]?.pid;
    const before = await pidOf();
    await database.query("select pg_sleep(0.9)");
    expect(await pidOf()).toBe(before);
  }, 60_000);
});
