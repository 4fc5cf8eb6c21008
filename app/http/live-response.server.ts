import type { LiveScope, LiveUpdates } from "~/domain/live/live-updates";

/** At most one event in this time: a page loads everything anyway, however much has changed. */
const GAP_MS = 1_000;
/** Proxies close what is silent for a minute. */
const HEARTBEAT_MS = 25_000;
/** Then the browser asks again: nobody keeps on hearing long after his session has ended. */
const LIFETIME_MS = 5 * 60_000;

/** A stream of `changed` events without data, which tells a page to load again what it shows. */
export function liveResponse(request: Request, scope: LiveScope, live: LiveUpdates): Response {
  const encoder = new TextEncoder();
  let stop = () => {};
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      let gap: NodeJS.Timeout | undefined;
      let isDue = false;
      const send = (text: string) => controller.enqueue(encoder.encode(text));
      const tell = () => {
        isDue = false;
        send("event: changed\ndata:\n\n");
        gap = setTimeout(() => {
          gap = undefined;
          if (isDue) tell();
        }, GAP_MS);
      };
      let leave = () => {};
      const heartbeat = setInterval(() => send(":\n\n"), HEARTBEAT_MS);
      const over = setTimeout(() => end(), LIFETIME_MS);
      stop = () => {
        stop = () => {};
        leave();
        clearTimeout(gap);
        clearTimeout(over);
        clearInterval(heartbeat);
        request.signal.removeEventListener("abort", end);
      };
      function end(): void {
        stop();
        try {
          controller.close();
        } catch {
          // The browser was faster.
        }
      }
      request.signal.addEventListener("abort", end);
      // Answers at once, and says when to come back after the connection ended.
      send("retry: 3000\n\n");
      leave = live.subscribe(scope, {
        onChange() {
          if (gap === undefined) tell();
          else isDue = true;
        },
        onEnd: end,
      });
    },
    cancel: () => stop(),
  });
  return new Response(body, {
    headers: {
      "content-type": "text/event-stream",
      "cache-control": "no-store",
      // Told to nginx and its kin: a buffered stream says nothing.
      "x-accel-buffering": "no",
    },
  });
}
