import type { Mode } from "~/db/generated/enums";

/** What changed: the payments of one application in one mode. */
export interface LiveScope {
  applicationId: string;
  mode: Mode;
}

/**
 * Tells open pages, on whatever instance they are, that there is something new to load. A hint, never the data
 * and never the only way: it can be late or lost, so a page also looks by itself now and then.
 */
export interface LiveUpdates {
  /** After the commit. Many calls within a moment become one message. */
  changed(scope: LiveScope): void;
  /** `onChange` from now on for each change in the scope; `onEnd` when this process shuts down. Call the result to leave. */
  subscribe(scope: LiveScope, listener: { onChange(): void; onEnd(): void }): () => void;
  /** Ends all subscriptions, and takes no more: a shutdown does not wait for pages that stay open. */
  endSubscriptions(): void;
  /** Sends what waits. */
  stop(): Promise<void>;
}
