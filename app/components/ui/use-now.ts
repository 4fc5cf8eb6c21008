import { useSyncExternalStore } from "react";

/** How often relative times are redrawn, in milliseconds. */
const TICK = 10_000;

let now = 0;
let timer: ReturnType<typeof setInterval> | undefined;
const listeners = new Set<() => void>();

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  if (!timer) {
    now = Date.now();
    timer = setInterval(() => {
      now = Date.now();
      for (const each of listeners) each();
    }, TICK);
  }
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0) {
      clearInterval(timer);
      timer = undefined;
    }
  };
}

function read(): number {
  if (!timer && Date.now() - now > TICK) now = Date.now();
  return now;
}

/**
 * The browser's clock in milliseconds, one timer for the page; null on the server and while hydrating,
 * so that the first drawing is the server's.
 */
export function useNow(): number | null {
  return useSyncExternalStore(subscribe, read, () => null);
}
