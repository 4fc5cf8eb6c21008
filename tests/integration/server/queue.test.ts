import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Database } from "~/db/database";
import { createJobQueue, type JobHandlers, type RunningQueue } from "~/jobs/queue.server";
import { createLog } from "~/lib/logger.server";
import { testDatabase } from "../../support/database";

const silent = createLog("silent");
let db: Database;
let queue: RunningQueue;
let handlers: { [Name in keyof JobHandlers]: ReturnType<typeof vi.fn<JobHandlers[Name]>> };

beforeEach(async () => {
  db = await testDatabase();
  queue = createJobQueue(db, silent);
  const done = async () => undefined;
  handlers = {
    "apply-provider-event": vi.fn(done),
    "notify-from-simulator": vi.fn(done),
    "send-mail": vi.fn(async () => undefined),
    "mail-password-reset": vi.fn(done),
    "recover-deliveries": vi.fn(done),
    "run-webhook-drill": vi.fn(done),
    sweep: vi.fn(done),
    "record-scores": vi.fn(done),
  };
});

afterEach(async () => {
  await queue.stop(1_000);
  await db.query("delete from pgboss.job");
});

const deliver = (inboundEventId: string, options = {}) =>
  db.transaction((tx) => queue.enqueue(tx, "apply-provider-event", { inboundEventId }, options));
const waiting = async () =>
  (
    await db.query<{ state: string }>(
      "select state::text from pgboss.job where name = 'apply-provider-event'",
    )
  ).map((row) => row.state);
const delivered = () =>
  handlers["apply-provider-event"].mock.calls.map(([{ inboundEventId }]) => inboundEventId);
const eventually = <T>(check: () => T | Promise<T>) => vi.waitFor(check, { timeout: 8_000, interval: 20 });

/** A promise and its end, for a job that runs until the test says so. */
function gate() {
  let open = () => {};
  const opened = new Promise<void>((resolve) => (open = resolve));
  return { opened, open };
}

describe("the job queue", () => {
  it("runs a job once its transaction has committed, at once when woken", async () => {
    await queue.start(handlers);
    const started = Date.now();
    await deliver("d1");
    queue.wake("apply-provider-event");
    await eventually(() => expect(delivered()).toEqual(["d1"]));
    expect(Date.now() - started).toBeLessThan(1_500);
    await eventually(async () => expect(await waiting()).toEqual(["completed"]));
  });

  it("runs a job without a wake, at the next poll", async () => {
    await queue.start(handlers);
    await deliver("d1");
    await eventually(() => expect(delivered()).toEqual(["d1"]));
  });

  it("has no job when the transaction rolls back", async () => {
    await queue.start(null);
    const work = db.transaction(async (tx) => {
      await queue.enqueue(tx, "apply-provider-event", { inboundEventId: "d1" });
      throw new Error("changed my mind");
    });
    await expect(work).rejects.toThrow("changed my mind");
    expect(await waiting()).toEqual([]);
  });

  it("keeps one waiting job for a singleton key, and every job without one", async () => {
    await queue.start(null);
    await deliver("d1", { singletonKey: "one" });
    await deliver("d2", { singletonKey: "one" });
    expect(await waiting()).toEqual(["created"]);
    await deliver("d3");
    await deliver("d4");
    expect(await waiting()).toHaveLength(3);
  });

  it("does not start a job before its time", async () => {
    await queue.start(handlers);
    await deliver("later", { startAfter: new Date(Date.now() + 3_600_000) });
    await deliver("now");
    queue.wake("apply-provider-event");
    await eventually(() => expect(delivered()).toEqual(["now"]));
    expect((await waiting()).sort()).toEqual(["completed", "created"].sort());
  });

  it("tries a failed job again, and keeps its error out of the tables", async () => {
    handlers["apply-provider-event"].mockRejectedValueOnce(new Error("hunter2"));
    await queue.start(handlers);
    await db.transaction((tx) => queue.enqueue(tx, "apply-provider-event", { inboundEventId: "e1" }));
    queue.wake("apply-provider-event");
    await eventually(() => expect(handlers["apply-provider-event"]).toHaveBeenCalledTimes(2));
    const [row] = await db.query<{ text: string }>(
      "select string_agg(job::text, '') as text from pgboss.job",
    );
    expect(row?.text).not.toContain("hunter2");
  });

  it("does not let slow jobs hold up others", async () => {
    const { opened, open } = gate();
    handlers["apply-provider-event"].mockImplementation(({ inboundEventId }) =>
      inboundEventId.startsWith("slow") ? opened : Promise.resolve(),
    );
    await queue.start(handlers);
    for (let index = 0; index < 3; index++) await deliver(`slow${index}`);
    await deliver("quick");
    queue.wake("apply-provider-event");
    await eventually(async () => expect(await waiting()).toContain("completed"));
    open();
  });

  it("works off more jobs than it has places without waiting for polls", async () => {
    await queue.start(handlers);
    await db.transaction(async (tx) => {
      for (let index = 0; index < 100; index++) {
        await queue.enqueue(tx, "apply-provider-event", { inboundEventId: `d${index}` });
      }
    });
    const started = Date.now();
    queue.wake("apply-provider-event");
    await eventually(() => expect(delivered()).toHaveLength(100));
    // 100 jobs in 4 places would be 25 polls of two seconds.
    expect(Date.now() - started).toBeLessThan(25_000);
  });

  it("asks for what each minute has at once, and for one of each only", async () => {
    await queue.start(handlers);
    const other = createJobQueue(db, silent);
    await other.start(handlers);
    await eventually(() => expect(handlers.sweep).toHaveBeenCalledTimes(1));
    await eventually(() => expect(handlers["record-scores"]).toHaveBeenCalledTimes(1));
    await other.stop(1_000);
    expect(handlers.sweep).toHaveBeenCalledTimes(1);
    expect(handlers["record-scores"]).toHaveBeenCalledTimes(1);
  });

  it("waits for running jobs when it stops", async () => {
    const { opened, open } = gate();
    handlers["apply-provider-event"].mockImplementation(() => opened);
    await queue.start(handlers);
    await deliver("d1");
    queue.wake("apply-provider-event");
    await eventually(() => expect(delivered()).toEqual(["d1"]));
    const stopping = queue.stop(5_000);
    open();
    await stopping;
    expect(await waiting()).toEqual(["completed"]);
  });

  it("goes on by itself after the database was away", async () => {
    let isAway = false;
    let asked = 0;
    const flaky: Database = {
      ...db,
      query: (...args) => {
        if (!isAway) return db.query(...args);
        asked++;
        return Promise.reject(Object.assign(new Error("connect ECONNREFUSED"), { code: "ECONNREFUSED" }));
      },
    };
    const other = createJobQueue(flaky, silent);
    await other.start(handlers);
    await deliver("d0");
    await eventually(() => expect(delivered()).toEqual(["d0"]));
    isAway = true;
    await deliver("d1");
    other.wake("apply-provider-event");
    await eventually(() => expect(asked).toBeGreaterThan(4));
    expect(delivered()).toEqual(["d0"]);
    isAway = false;
    await eventually(() => expect(delivered()).toEqual(["d0", "d1"]));
    await other.stop(1_000);
  });

  it("gives back what did not finish in time", async () => {
    const { opened, open } = gate();
    handlers["apply-provider-event"].mockImplementation(() => opened);
    await queue.start(handlers);
    await deliver("d1");
    queue.wake("apply-provider-event");
    await eventually(() => expect(delivered()).toEqual(["d1"]));
    await queue.stop(50);
    expect(await waiting()).toEqual(["retry"]);
    open();
  });
});
