import type { LiveScope, LiveUpdates } from "./live-updates";

/** Changes within this time are told as one; and what is told has been committed by then. */
const GATHER_MS = 300;

interface Watcher {
  listener: () => void;
  ended: () => void;
}

/** Live updates within one process. */
export function createLiveUpdates(gatherMs = GATHER_MS): LiveUpdates {
  const watchers = new Map<string, Set<Watcher>>();
  const gathering = new Set<string>();
  const keyOf = ({ applicationId, mode }: LiveScope) => `${applicationId} ${mode}`;
  return {
    changed(scope) {
      const key = keyOf(scope);
      if (!watchers.has(key) || gathering.has(key)) return;
      gathering.add(key);
      setTimeout(() => {
        gathering.delete(key);
        for (const { listener } of watchers.get(key) ?? []) listener();
      }, gatherMs).unref();
    },
    watch(scope, listener, ended) {
      const key = keyOf(scope);
      const own = { listener, ended };
      const others = watchers.get(key) ?? new Set();
      watchers.set(key, others.add(own));
      return () => {
        others.delete(own);
        if (others.size === 0 && watchers.get(key) === others) watchers.delete(key);
      };
    },
    stop() {
      const all = [...watchers.values()].flatMap((some) => [...some]);
      watchers.clear();
      for (const { ended } of all) ended();
    },
  };
}
