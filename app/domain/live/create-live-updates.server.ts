import type { Database } from "~/db/database";
import { openNotifications } from "~/db/notifications.server";
import type { Log } from "~/lib/log";
import type { LiveScope, LiveUpdates } from "./live-updates";

const CHANNEL = "kadosei_live";
/** Changes are gathered for so long, so that a busy process sends a few messages a second, not one a payment. */
const GATHER_MS = 200;

type Listener = Parameters<LiveUpdates["subscribe"]>[1];

const topicOf = ({ applicationId, mode }: LiveScope) => `${applicationId}:${mode}`;

/** Live updates over the database's notifications; nothing listens until a page does. */
export function createLiveUpdates({ db, log }: { db: Database; log: Log }): LiveUpdates {
  const notifications = openNotifications(db, CHANNEL, (message) => log.warn({}, message));
  const listeners = new Map<string, Set<Listener>>();
  const changedTopics = new Set<string>();
  let timer: NodeJS.Timeout | undefined;
  let leave: (() => Promise<void>) | null = null;
  let ended = false;

  async function send(): Promise<void> {
    timer = undefined;
    const topics = [...changedTopics];
    changedTopics.clear();
    if (topics.length === 0) return;
    // A hint that is lost is not worth an error: the pages look by themselves.
    await notifications
      .send(topics)
      .catch((error: unknown) => log.debug({ err: error }, "live updates were not sent"));
  }

  const tell = (some: Iterable<Listener>) => {
    for (const { onChange } of [...some]) onChange();
  };

  return {
    changed(scope) {
      changedTopics.add(topicOf(scope));
      timer ??= setTimeout(send, GATHER_MS).unref();
    },
    subscribe(scope, listener) {
      if (ended) {
        listener.onEnd();
        return () => undefined;
      }
      const topic = topicOf(scope);
      const own = listeners.get(topic) ?? new Set();
      listeners.set(topic, own.add(listener));
      leave ??= notifications.listen({
        onMessage: (payload) => tell(listeners.get(payload) ?? []),
        onGap: () => tell([...listeners.values()].flatMap((set) => [...set])),
      });
      return () => {
        own.delete(listener);
        if (own.size === 0 && listeners.get(topic) === own) listeners.delete(topic);
      };
    },
    endSubscriptions() {
      ended = true;
      for (const { onEnd } of [...listeners.values()].flatMap((set) => [...set])) onEnd();
      listeners.clear();
    },
    async stop() {
      this.endSubscriptions();
      clearTimeout(timer);
      await send();
      await leave?.();
    },
  };
}
