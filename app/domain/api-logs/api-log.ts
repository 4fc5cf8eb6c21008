import type { Mode } from "~/db/generated/enums";

/** Whose a call is: from its credential, also where the credential was refused because it is over. */
export interface Caller {
  merchantId: string;
  /** Of the key, or named by the path. */
  applicationId: string | null;
  mode: Mode | null;
  apiKeyId: string | null;
  keyPrefix: string | null;
  userId: string | null;
}

/** One answered call, as it came: nothing of it is parsed or redacted before the batch is written. */
export interface ApiCall extends Caller {
  /** Milliseconds since 1970. */
  startedAt: number;
  durationMs: number;
  requestId: string;
  method: string;
  /** The pattern, /api/v1/sessions/:sessionId. */
  route: string;
  /** Whole, with its query. */
  url: string;
  /** The session that the path names. */
  sessionId: string | null;
  status: number;
  /** Null where the route takes none, or none came. */
  idempotencyKey: string | null;
  isReplay: boolean;
  ip: string | null;
  userAgent: string | null;
  requestBody: Uint8Array | null;
  responseBody: string | null;
}

/** Where answered calls go. */
export interface ApiLog {
  /** Takes a call and returns at once, whatever the database does; what does not fit any more is counted and dropped. */
  record(call: ApiCall): void;
  /** Writes what waits; resolves when it is written, or could not be. */
  flush(): Promise<void>;
  /** Writes what waits, for `timeoutMs` at the most; takes nothing more. */
  stop(timeoutMs: number): Promise<void>;
  /** Calls that were dropped since the start. */
  readonly dropped: number;
}
