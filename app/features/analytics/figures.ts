import { type FailureSide, failureReasonOf } from "~/contracts/failure-reasons";
import type { SessionStatus } from "~/db/generated/enums";
import type { Counted, CountedInBar } from "./count-sessions.presenter.server";

/** Sessions made in a period, by status. */
export interface Figures {
  created: number;
  byStatus: Record<SessionStatus, number>;
}

export interface VolumeView {
  currency: string;
  sessions: number;
  /** Decimal text. */
  amount: string;
  /** In the period before. */
  before: string;
  /** Share by which it changed; null where there was nothing before. */
  change: number | null;
}

export const share = (part: number, whole: number): number | null => (whole === 0 ? null : part / whole);
export const conversionOf = ({ byStatus, created }: Figures) => share(byStatus.SUCCEEDED, created);
export const successRateOf = ({ byStatus }: Figures) =>
  share(byStatus.SUCCEEDED, byStatus.SUCCEEDED + byStatus.FAILED);

export function figuresOf(rows: readonly Pick<Counted, "status" | "sessions">[]): Figures {
  const byStatus = { PENDING: 0, REQUIRES_ACTION: 0, PROCESSING: 0, SUCCEEDED: 0, FAILED: 0, EXPIRED: 0 };
  let created = 0;
  for (const { status, sessions } of rows) {
    byStatus[status] += sessions;
    created += sessions;
  }
  return { created, byStatus };
}

/** Why sessions failed, and in how many it was so. */
export interface ReasonView {
  code: string;
  label: string;
  side: FailureSide;
  sessions: number;
  before: number;
}

/** The reasons of failed sessions of a period and the one before, the most frequent first. */
export function reasonsOf(now: readonly Counted[], before: readonly Counted[]): ReasonView[] {
  const count = (rows: readonly Counted[], code: string) =>
    rows.reduce((sum, { reason, sessions }) => (reason === code ? sum + sessions : sum), 0);
  const codes = [...new Set([...now, ...before].map(({ reason }) => reason))].filter(Boolean);
  return codes
    .map((code): ReasonView => {
      const { label, side } = failureReasonOf(code);
      return { code, label, side, sessions: count(now, code), before: count(before, code) };
    })
    .sort((a, b) => b.sessions - a.sessions || b.before - a.before || (a.code < b.code ? -1 : 1));
}

export type Spark = (number | null)[];
export type Sparks = Record<"conversion" | "successRate" | "created" | "volume", Spark>;

/**
 * Shapes only, so numbers may be floats: each value takes the last `rolling` bars together. `rows` are by
 * status and currency.
 */
export function sparksOf(
  rows: readonly CountedInBar[],
  { bars, rolling }: { bars: readonly unknown[]; rolling: number },
  currency: string | null,
): Sparks {
  const byBar = Array.from({ length: bars.length }, (): CountedInBar[] => []);
  for (const row of rows) byBar[row.bar]?.push(row);
  // The first and the last bar are parts, and would look like a rise and a fall that nobody saw; only where
  // everything is in the last one it must stay.
  const inner = byBar.slice(1, -1);
  const whole = inner.some((own) => own.length > 0) ? inner : byBar;
  // From the first full window on, for the same reason.
  const windows = whole.slice(rolling - 1).map((_, index) => whole.slice(index, index + rolling).flat());
  const figures = windows.map(figuresOf);
  return {
    conversion: figures.map(conversionOf),
    successRate: figures.map(successRateOf),
    created: figures.map(({ created }) => created),
    volume: windows.map((own) =>
      Number(
        own
          .filter(({ status, key }) => status === "SUCCEEDED" && key === currency)
          .reduce((sum, { amount }) => sum + amount, 0n),
      ),
    ),
  };
}
