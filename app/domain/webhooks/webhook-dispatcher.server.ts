import { setTimeout as sleep } from "node:timers/promises";
import { errorCode } from "~/db/retry.server";
import type { Services } from "~/domain/services";
import { newId } from "~/lib/ids";
import {
  type ClaimedDelivery,
  claimDeliveries,
  LEASE_MS,
  releaseLanes,
  renewLanes,
} from "./claim-deliveries.server";
import { createDeliveryClient, type DeliveryAnswer, type DeliveryClient } from "./delivery-client.server";
import { type Receiver, readReceivers } from "./read-receivers.server";
import { recordResults, type TryResult } from "./record-results.server";
import { signedHeaders } from "./sign-webhook.server";

/** Calls to one lane at once (api.md §6: a slow endpoint delays no other). */
const AT_ONCE_PER_LANE = 10;
/** Claimed ahead for a lane that answers quickly: it never waits, and one claim and one record do for many. */
const AHEAD = 390;
/** A lane answers quickly while its tries take less than this, on average. */
const QUICK_MS = 100;
/** Deliveries that one process holds, from claim to record: bounds its memory. */
const MOST_HELD = 4_000;
/** Tries under way at once in one process: bounds its sockets. */
const MOST_RUNNING = 1_000;
/** From here on a lane has one place: what hangs everywhere leaves room for a first try anywhere else. */
const CROWDED = { held: 2_000, running: 500 };
/** Finds what no wake announced: retries that are due, and events of other processes. */
const POLL_MS = 500;
/** Between two claims, so that events that come one by one are claimed together. */
const GAP_MS = 8;
/** A lane is renewed when less than this is left of its lease. */
const RENEW_MS = LEASE_MS / 2;
/** Records that could not be stored are tried again for a while; after that the try is lost, and made again. */
const RECORD_TRIES = 8;
const RECORD_BATCH = 400;
/** Deliveries of an endpoint that is off are cancelled so many at a time. */
const CANCEL_BATCH = 1_000;

/** What became of a delivery whose signing secret cannot be opened: it is tried again as any that failed. */
const UNSIGNED: DeliveryAnswer = {
  ...{ status: null, headers: {}, body: "", durationMs: 0, timings: {} },
  error: "its signing secret cannot be opened: roll the secret",
};

interface Lane {
  waiting: ClaimedDelivery[];
  running: number;
  /** Tried and not recorded yet. */
  recording: number;
  receiver: Receiver;
}

interface Lease {
  /** Milliseconds since 1970. */
  until: number;
  /** Moving average of the duration of the lane's tries: it outlives a moment without work. */
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
 * The outbox's other end (api.md §6): claims due deliveries from their queue, a batch at a time, tries
 * them side by side within each lane's limit, and records results together. At least once: a process that dies
 * leaves its claims to the next, and the receiver knows a repetition by its webhook-id.
 */
export function createWebhookDispatcher(
  services: Services,
  client: DeliveryClient = createDeliveryClient(),
): WebhookDispatcher {
  const { clock, log, telemetry } = services;
  const owner = newId();
  const lanes = new Map<string, Lane>();
  /** Lanes that are this process's. */
  const leases = new Map<string, Lease>();
  /** By id: from claim to record. */
  const held = new Map<string, ClaimedDelivery>();
  /** Tries under way, each with a connection. */
  let running = 0;
  const results: TryResult[] = [];
  let stopping = false;
  let woken = false;
  let interrupt = () => {};
  let looping: Promise<void> | null = null;
  let isRecording = false;
  let whenIdle: (() => void)[] = [];

  const wake = () => {
    woken = true;
    interrupt();
  };

  function wantedOf(lane: string, isCrowded: boolean): number {
    if (isCrowded) return 1;
    const isQuick = (leases.get(lane)?.averageMs ?? QUICK_MS) < QUICK_MS;
    return isQuick ? AT_ONCE_PER_LANE + AHEAD : AT_ONCE_PER_LANE;
  }

  /** A claim reads over all that a lane has here: more is asked for once half of what was claimed ahead is gone. */
  const isStocked = (lane: string) => heldOf(lanes.get(lane)) > AT_ONCE_PER_LANE + AHEAD / 2;

  /** How many were taken. */
  async function claim(): Promise<number> {
    const isCrowded = held.size >= CROWDED.held || running >= CROWDED.running;
    const now = clock.now().getTime();
    for (const [lane, { until }] of leases) if (until <= now) leases.delete(lane);
    const claimed = await claimDeliveries(
      {
        owner,
        lanes: [...new Set([...lanes.keys(), ...leases.keys()])].map((id) => ({
          lane: id,
          held: heldOf(lanes.get(id)),
          wanted: isStocked(id) ? 0 : wantedOf(id, isCrowded),
        })),
        wantedElsewhere: isCrowded ? 1 : AT_ONCE_PER_LANE,
        limit: Math.max(0, Math.min(MOST_HELD - held.size, MOST_RUNNING - running)),
        heldIds: [...held.values()].filter(({ lane }) => !isStocked(lane)).map(({ id }) => id),
        leasedLanes: [...leases.keys()],
      },
      services,
    );
    if (claimed.length === 0) return 0;
    const receivers = await readReceivers(claimed, services);
    const off = new Set<string>();
    for (const delivery of claimed) {
      // An urgent one of a lane that asked for nothing.
      if (held.has(delivery.id)) continue;
      if (!leases.has(delivery.lane))
        leases.set(delivery.lane, { until: now + LEASE_MS, averageMs: QUICK_MS });
      const receiver = receivers.get(delivery.lane);
      if (receiver === undefined || (!receiver.isActive && delivery.type !== "webhook.test")) {
        off.add(delivery.lane);
        continue;
      }
      held.set(delivery.id, delivery);
      const lane = lanes.get(delivery.lane);
      if (lane) {
        lane.receiver = receiver;
        lane.waiting.push(delivery);
      } else {
        lanes.set(delivery.lane, { waiting: [delivery], running: 0, recording: 0, receiver });
      }
    }
    for (const lane of lanes.values()) fill(lane);
    for (const lane of off) await cancel(lane);
    return claimed.length;
  }

  /** Keeps the lanes of which there is something here. One that was lost is another's to go on with. */
  async function renew(): Promise<void> {
    const soon = clock.now().getTime() + RENEW_MS;
    const ending = [...lanes.keys()].filter((lane) => (leases.get(lane)?.until ?? 0) <= soon);
    if (ending.length === 0) return;
    const kept = new Set(await renewLanes(owner, ending, services));
    const until = clock.now().getTime() + LEASE_MS;
    for (const id of ending) {
      if (kept.has(id)) leases.set(id, { averageMs: QUICK_MS, ...leases.get(id), until });
      else {
        leases.delete(id);
        drop(lanes.get(id)?.waiting.splice(0) ?? []);
      }
    }
  }

  /** The endpoint was turned off after they were written. */
  async function cancel(lane: string): Promise<void> {
    await services.db.query(
      `update webhook_deliveries d set status = 'CANCELLED', next_attempt_at = null
        where d.id in (
          select w.id from webhook_due q join webhook_deliveries w on w.id = q.delivery_id
            join webhook_events v on v.id = w.event_id
           where q.lane = $1 and v.type <> 'webhook.test' limit ${CANCEL_BATCH}) and d.status = 'PENDING'`,
      [lane],
    );
  }

  function fill(lane: Lane): void {
    while (lane.running < AT_ONCE_PER_LANE) {
      const next = lane.waiting.shift();
      if (next === undefined) return;
      lane.running += 1;
      running += 1;
      void attempt(lane, next);
    }
  }

  function release({ id, lane }: ClaimedDelivery): void {
    held.delete(id);
    const state = lanes.get(lane);
    if (state && heldOf(state) === 0) lanes.delete(lane);
    if (held.size === 0) for (const resolve of whenIdle.splice(0)) resolve();
  }

  /** Claims that are not tried after all: they stay due. */
  function drop(deliveries: readonly ClaimedDelivery[]): void {
    for (const delivery of deliveries) release(delivery);
  }

  async function attempt(lane: Lane, delivery: ClaimedDelivery): Promise<void> {
    const startedAt = clock.now();
    const headers = signedHeaders(delivery.eventId, delivery.body, lane.receiver.keys, startedAt);
    const call = {
      url: lane.receiver.url ?? delivery.url,
      body: delivery.body,
      headers,
      allowLocal: services.config.allowLocalWebhooks && delivery.mode === "test",
    };
    const answer = await telemetry.span(
      "deliver-webhook",
      {
        "webhook.type": delivery.type,
        "webhook.delivery": delivery.id,
        "webhook.attempt": delivery.attemptCount + 1,
      },
      () => (lane.receiver.keys.length === 0 ? Promise.resolve(UNSIGNED) : client.post(call)),
      delivery.traceparent,
    );
    telemetry.job(
      { job: "deliver-webhook", result: answer.error === null ? "done" : "failed" },
      answer.durationMs,
    );
    const lease = leases.get(delivery.lane);
    if (lease) lease.averageMs = lease.averageMs * 0.8 + answer.durationMs * 0.2;
    // What was claimed ahead is not for a lane that fails: how it goes on is for its circuit to say.
    if (answer.error !== null) drop(lane.waiting.splice(0));
    results.push({ delivery, startedAt, finishedAt: clock.now(), headers, answer });
    lane.running -= 1;
    running -= 1;
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
        release(delivery);
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
        // Class 22, a value that PostgreSQL cannot hold: the others of the batch need not suffer for it.
        if (errorCode(error).startsWith("22") && batch.length > 1) {
          for (const one of batch) await recordBatch([one]);
          return;
        }
        // They were made, but nobody will know: they are still due, and made again.
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
        await renew();
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
      drop([...lanes.values()].flatMap((lane) => lane.waiting.splice(0)));
      const idle = new Promise<void>((resolve) => {
        if (held.size === 0) resolve();
        else whenIdle.push(resolve);
      });
      await Promise.race([idle, sleep(timeoutMs, undefined, { ref: false })]);
      whenIdle = [];
      await client.close();
      // What is still under way may be sent twice rather than not at all.
      await releaseLanes(owner, services).catch((error: unknown) =>
        log.warn({ err: error }, "lanes could not be given back: they are free after their lease"),
      );
    },
    async drain() {
      while ((await claim()) > 0) {
        await new Promise<void>((resolve) => {
          if (held.size === 0) resolve();
          else whenIdle.push(resolve);
        });
      }
      await client.close();
      await releaseLanes(owner, services);
    },
  };
}

const heldOf = (lane: Lane | undefined) => (lane ? lane.waiting.length + lane.running + lane.recording : 0);
