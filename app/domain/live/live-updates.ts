import type { Mode } from "~/db/generated/enums";

/** Whose pages: an application in one mode. */
export interface LiveScope {
  applicationId: string;
  mode: Mode;
}

/**
 * Tells open pages that something of theirs has changed; what it is they ask the database. The one place where
 * changes and pages meet, so that it can reach over many instances without either knowing.
 */
export interface LiveUpdates {
  /** Sessions of this application and mode have come or changed: called at or after the commit. */
  changed(scope: LiveScope): void;
  /** Calls `listener` a moment after changes, once for many of them. `ended` is called when the process stops. */
  watch(scope: LiveScope, listener: () => void, ended: () => void): () => void;
  /** Ends every watch: an open stream would hold the process up. */
  stop(): void;
}
