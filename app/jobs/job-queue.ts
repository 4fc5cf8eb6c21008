import type { SqlExecutor } from "~/db/database";

/** Every job there is, and what it carries. A handler makes one domain call. */
export interface JobData {
  /** A stored provider event waits to be applied. */
  "apply-provider-event": { inboundEventId: string };
  /** The simulated provider has news for us: it sends its own webhook. */
  "notify-from-simulator": { checkoutId: string; eventId: string };
  /** One mail, encrypted (domain/mail). */
  "send-mail": { sealed: string };
  /** Somebody asked for a link to choose a new password: who and from where, encrypted (domain/users). */
  "mail-password-reset": { sealed: string };
  /** A recovery's next batches are to be queued. */
  "recover-deliveries": { recoveryId: string };
  /** A drill waits to be run. */
  "run-webhook-drill": { drillId: string };
  /** Every minute: expire what is overdue, retry what was left behind, tidy up. */
  sweep: Record<string, never>;
  /** Every minute: the score history that the charts show. */
  "record-scores": Record<string, never>;
}

export type JobName = keyof JobData;

/** Work that needs no job: its own rows say what is due. */
export type LoopName = "deliver-webhook";

export interface EnqueueOptions {
  /** Not before this moment. */
  startAfter?: Date;
  /** While a job with this key waits, a second one is not added. */
  singletonKey?: string;
}

/** The part of the queue that the domain sees. */
export interface JobQueue {
  /** Adds the job in the caller's transaction: it exists if and only if the change commits. */
  enqueue<Name extends JobName>(
    tx: SqlExecutor,
    name: Name,
    data: JobData[Name],
    options?: EnqueueOptions,
  ): Promise<void>;
  /** After the commit: wakes this process's workers so that the job does not wait for the next poll. */
  wake(name: JobName | LoopName): void;
}
