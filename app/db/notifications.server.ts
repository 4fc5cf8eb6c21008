import { setTimeout as sleep } from "node:timers/promises";
import type { Database } from "./database";
import { driverOf } from "./drivers.server";
import { openListener } from "./postgres.server";

export interface NotificationHandlers {
  onMessage(payload: string): void;
  /** The connection was lost and is there again: messages in between were missed. */
  onGap(): void;
}

/** Short texts from any instance to all that listen, the sender among them. Best effort: a message can be lost. */
export interface Notifications {
  send(payloads: readonly string[]): Promise<void>;
  /** Listens until the returned function is called. */
  listen(handlers: NotificationHandlers): () => Promise<void>;
}

const RECONNECT_MS = 1_000;
/** A connection that died without a word is noticed within twice this. */
const CHECK_MS = 15_000;

/**
 * LISTEN and NOTIFY on PostgreSQL, over a connection of its own that is opened by the first who listens; the
 * embedded database has one process, which tells itself. NOTIFY never goes into a transaction of the product:
 * PostgreSQL commits those that notify one after the other.
 */
export function openNotifications(
  db: Database,
  channel: string,
  log: (message: string) => void,
  { checkMs = CHECK_MS }: { checkMs?: number } = {},
): Notifications {
  const driver = driverOf(db);
  const listening = new Set<NotificationHandlers>();
  const receive = (payload: string) => {
    for (const { onMessage } of listening) onMessage(payload);
  };
  if (driver.kind === "embedded") {
    return {
      async send(payloads) {
        for (const payload of payloads) receive(payload);
      },
      listen(handlers) {
        listening.add(handlers);
        return async () => void listening.delete(handlers);
      },
    };
  }

  let connection: { end(): Promise<void> } | null = null;

  function connect(): { end(): Promise<void> } {
    let ended = false;
    let close = () => {};
    let isFirst = true;
    const run = async () => {
      while (!ended) {
        try {
          const listener = await openListener(driver as { databaseUrl: string }, channel, receive, checkMs);
          const lost = listener.lost.then(() => log("The connection for live updates was lost"));
          if (!isFirst) for (const { onGap } of listening) onGap();
          isFirst = false;
          const asked = new Promise<void>((resolve) => (close = resolve));
          if (!ended) await Promise.race([lost, asked]);
          await listener.end();
        } catch (error) {
          log(`Live updates cannot listen: ${error instanceof Error ? error.message : String(error)}`);
        }
        if (!ended) await sleep(RECONNECT_MS, undefined, { ref: false });
      }
    };
    const running = run();
    return {
      async end() {
        ended = true;
        close();
        await running;
      },
    };
  }

  return {
    async send(payloads) {
      await db.query("select pg_notify($1, payload) from unnest($2::text[]) as payload", [channel, payloads]);
    },
    listen(handlers) {
      listening.add(handlers);
      connection ??= connect();
      return async () => {
        listening.delete(handlers);
        if (listening.size > 0) return;
        const last = connection;
        connection = null;
        await last?.end();
      };
    },
  };
}
