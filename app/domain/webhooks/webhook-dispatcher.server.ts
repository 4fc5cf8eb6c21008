import { setTimeout as sleep } from "node:timers/promises";
import type { Services } from "~/domain/services";
import { type ClaimedDelivery, claimDeliveries, type LaneDemand } from "./claim-deliveries.server";
import { createDeliveryClient, DELIVERY_TIMEOUT_MS, type DeliveryClient } from "./delivery-client.server";
import { type Receiver, readReceivers } from "./read-receivers.server";
import { recordResults, type TryResult } from "./record-results.server";
import { signedHeaders } from "./sign-webhook.server";

/** Calls to one lane at once (api.md §6: a slow endpoint delays no other). */
const AT_ONCE_PER_LANE = 10;
/** Claimed ahead for a lane that answers quickly, so that it never waits for the next claim. */
const AHEAD = 90;
/** A lane answers quickly while its tries take less than this, on average. */
const QUICK_MS = 100;
/** Deliveries that one process holds, from claim to record: bounds its memory and its sockets. */
const MOST_HELD = 1_000;
/** From here on a lane has one place: what hangs everywhere leaves room for a first try anywhere else. */
const CROWDED = 500;
/** Finds what no wake announced: retries that are due, and events of other processes. */
const POLL_MS = 500;
/** Between two claims, so that events that come one by one are claimed together. */
const GAP_MS = 8;
/** Records that could not be stored are tried again for a while; after that the lease ends and the try is lost. */
const RECORD_TRIES = 8;
const RECORD_BATCH = 200;
/** Deliveries of an endpoint that is off are cancelled so many at a time. */
const CANCEL_BATCH = 1_000;

interface Lane {
  waiting: ClaimedDelivery[];
  running: number;
  /** Tried and not recorded yet. */
  recording: number;
  receiver: Receiver;
  /** Moving average of a try's duration. */
  averageMs: number;
}

/** Sends what is due to merchants' servers and records how it went. */
export interface WebhookDispatcher {
  /** Looks for due deliveries from now on, by itself and when woken. */
  start(): void;
  /** There may be something due. */
  wake(): void;
  /** Takes nothing more and waits for the tries under way, at most `timeoutMs`; what is left is due again after its lease. */
  stop(timeoutMs: number): Promise<void>;
  /** Without `start`: sends everything that is due now, and resolves when it is recorded. */
  drain(): Promise<void>;
}

/**
 * The outbox's other end (api.md §6): claims due deliveries straight from their table, a batch at a time, tries
 * them side by side within each lane's limit, and records results together. At least once: a process that dies
 * leaves its claims to the next, and the receiver knows a repetition by its webhook-id.
 */
export function createWebhookDispatcher(
  services: Services,
  client: DeliveryClient = createDeliveryClient(),
): WebhookDispatcher {
  const { clock, log } = services;
  const lanes = new Map<string, Lane>();
  const results: TryResult[] = [];
  let held = 0;
  let stopping = false;
  let woken = false;
  let interrupt = () => {};
  let looping: Promise<void> | null = null;
  let isRecording = false;
  let unlocking: Promise<void> = Promise.resolve();
  let whenIdle: (() => void)[] = [];

  const wake = () => {
    woken = true;
    interrupt();
  };

  function demandOf([id, lane]: [string, Lane]): LaneDemand {
    const atOnce = held >= CROWDED ? 1 : AT_ONCE_PER_LANE;
    const wanted = lane.averageMs < QUICK_MS && held < CROWDED ? atOnce + AHEAD : atOnce;
    return { lane: id, held: lane.waiting.length + lane.running + lane.recording, wanted };
  }

  /** How many were taken. */
  async function claim(): Promise<number> {
    const limit = MOST_HELD - held;
    if (limit <= 0) return 0;
    const wantedElsewhere = held >= CROWDED ? 1 : AT_ONCE_PER_LANE;
    const demand = { lanes: [...lanes].map(demandOf), wantedElsewhere, limit };
    const claimed = await claimDeliveries(demand, services);
    if (claimed.length === 0) return 0;
    const receivers = await readReceivers(claimed, services);
    const off = new Set<string>();
    for (const delivery of claimed) {
      const receiver = receivers.get(delivery.lane);
      if (receiver === undefined || (!receiver.isActive && delivery.type !== "webhook.test")) {
        off.add(delivery.lane);
        continue;
      }
      held += 1;
      const lane = lanes.get(delivery.lane);
      if (lane) {
        lane.receiver = receiver;
        lane.waiting.push(delivery);
      } else {
        lanes.set(delivery.lane, {
          waiting: [delivery],
          running: 0,
          recording: 0,
          receiver,
          averageMs: QUICK_MS,
        });
      }
    }
    for (const lane of lanes.values()) fill(lane);
    for (const lane of off) await cancel(lane);
    return claimed.length;
  }

  /** The endpoint was turned off after they were written. */
  async function cancel(lane: string): Promise<void> {
    await services.db.query(
      `update webhook_deliveries d set status = 'CANCELLED', next_attempt_at = null, locked_until = null
        where d.id in (
          select w.id from webhook_deliveries w join webhook_events v on v.id = w.event_id
           where w.lane = $1 and w.status = 'PENDING' and v.type <> 'webhook.test' limit ${CANCEL_BATCH})`,
      [lane],
    );
  }

  function fill(lane: Lane): void {
    while (lane.running < AT_ONCE_PER_LANE) {
      const next = lane.waiting.shift();
      if (next === undefined) return;
      // Another process may have it by the time it would be recorded: left to the next claim.
      const isLate = next.leaseEndsAt.getTime() - clock.now().getTime() < DELIVERY_TIMEOUT_MS + 5_000;
      if (isLate) {
        release(next.lane);
        continue;
      }
      lane.running += 1;
      void attempt(lane, next);
    }
  }

  function release(lane: string): void {
    held -= 1;
    const state = lanes.get(lane);
    if (state && state.running + state.recording + state.waiting.length === 0) lanes.delete(lane);
    if (held === 0) for (const resolve of whenIdle.splice(0)) resolve();
  }

  /** Claims that are not tried after all: due again at once, for whoever asks. */
  function giveBack(deliveries: readonly ClaimedDelivery[]): void {
    if (deliveries.length === 0) return;
    const ids = deliveries.map(({ id }) => id);
    unlocking = services.db
      .query(`update webhook_deliveries set locked_until = null where id = any($1::uuid[])`, [ids])
      .then(
        () => undefined,
        // Then their lease ends by itself.
        (error: unknown) =>
          log.warn({ err: error, deliveries: ids.length }, "claims could not be given back"),
      );
    for (const { lane } of deliveries) release(lane);
  }

  async function attempt(lane: Lane, delivery: ClaimedDelivery): Promise<void> {
    const startedAt = clock.now();
    const headers = signedHeaders(delivery.eventId, delivery.body, lane.receiver.keys, startedAt);
    const answer = await client.post({
      url: lane.receiver.url ?? delivery.url,
      body: delivery.body,
      headers,
      allowLocal: services.config.allowLocalWebhooks && delivery.mode === "test",
    });
    lane.averageMs = lane.averageMs * 0.8 + answer.durationMs * 0.2;
    // What was claimed ahead is not for a lane that fails: how it goes on is for its circuit to say.
    if (answer.error !== null) giveBack(lane.waiting.splice(0));
    results.push({ delivery, startedAt, finishedAt: clock.now(), headers, answer });
    lane.running -= 1;
    lane.recording += 1;
    if (!isRecording) void recordAll();
    fill(lane);
  }

  /** While one statement is under way the next results gather. */
  async function recordAll(): Promise<void> {
    isRecording = true;
    // What comes back in the same turn of the event loop is recorded together.
    await new Promise(setImmediate);
    while (results.length > 0) {
      const batch = results.splice(0, RECORD_BATCH);
      await recordBatch(batch);
      for (const { delivery } of batch) {
        const lane = lanes.get(delivery.lane);
        if (lane) lane.recording -= 1;
        release(delivery.lane);
      }
      wake();
    }
    isRecording = false;
  }

  async function recordBatch(batch: readonly TryResult[]): Promise<void> {
    for (let tries = 1; ; tries++) {
      try {
        return await recordResults(batch, services);
      } catch (error) {
        log.error({ err: error, deliveries: batch.length, tries }, "deliveries could not be recorded");
        // They were made, but nobody will know: after the lease they are made again.
        if (tries >= RECORD_TRIES) return;
        await sleep(Math.min(100 * 2 ** tries, 5_000), undefined, { ref: false });
      }
    }
  }

  const rest = (ms: number) =>
    new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms);
      interrupt = () => {
        clearTimeout(timer);
        resolve();
      };
    });

  async function loop(): Promise<void> {
    while (!stopping) {
      woken = false;
      try {
        await claim();
      } catch (error) {
        log.error({ err: error }, "due deliveries could not be claimed");
        await rest(POLL_MS);
      }
      if (!stopping) await sleep(GAP_MS);
      if (!woken && !stopping) await rest(POLL_MS);
    }
  }

  return {
    start() {
      looping ??= loop();
    },
    wake,
    async stop(timeoutMs) {
      stopping = true;
      wake();
      await looping;
      giveBack([...lanes.values()].flatMap((lane) => lane.waiting.splice(0)));
      const idle = new Promise<void>((resolve) => {
        if (held === 0) resolve();
        else whenIdle.push(resolve);
      });
      await Promise.race([idle, sleep(timeoutMs, undefined, { ref: false })]);
      whenIdle = [];
      await Promise.all([unlocking, client.close()]);
    },
    async drain() {
      while ((await claim()) > 0) {
        await new Promise<void>((resolve) => {
          if (held === 0) resolve();
          else whenIdle.push(resolve);
        });
      }
    },
  };
}
