import { type Receipt, receiptSchema } from "~/contracts/routing";
import type { RoutingReplay } from "~/contracts/routing-rules";
import type { RoutingOutcomeKind } from "~/db/generated/enums";
import type { Services } from "~/domain/services";
import { toDecimalText } from "~/lib/money";
import {
  addToReplay,
  newReplaySums,
  type PastDecision,
  type ReplayChange,
  replayResult,
} from "./replay.server";
import type { RoutingScope } from "./routing-settings.server";

/** Decisions that a replay looks at. */
const MAX_DECISIONS = 10_000;
/** After this long it answers with what it has. */
const BUDGET_MS = 4_000;
/** Receipts in memory at once; between two batches other requests have their turn. */
const BATCH = 200;
/** The period is read in as many equal parts, so that a sample is spread over all of it. */
const SLICES = 64;

interface DecisionRow {
  id: string;
  createdAt: Date;
  receipt: unknown;
  currency: string;
  amountTotal: bigint;
  country: string | null;
  metadata: Record<string, unknown> | null;
  outcomeConnectionId: string | null;
  kind: RoutingOutcomeKind | null;
}

/**
 * Makes the decisions of a period again under a change, and says what would have been different
 * (routing.md §6). Of more than `maxDecisions`, or when `budgetMs` are over, it answers from a sample that is
 * spread evenly over the period, and says so. Reads in batches: memory does not grow with the period.
 */
export async function replayDecisions(
  scope: RoutingScope,
  period: { from: Date; to: Date },
  change: ReplayChange,
  { db, clock }: Pick<Services, "db" | "clock">,
  { maxDecisions = MAX_DECISIONS, budgetMs = BUDGET_MS } = {},
): Promise<RoutingReplay> {
  const fromMs = period.from.getTime();
  const sliceMs = Math.max(1, Math.ceil((period.to.getTime() - fromMs) / SLICES));
  const slices = await db.query<{ slice: number; decisions: number }>(
    `select (((extract(epoch from created_at) * 1000)::int8 - $6::int8) / $7::int8)::int4 as slice, count(*)::int4 as decisions
       from routing_decisions
      where application_id = $1 and mode = $2::mode and merchant_id = $3 and created_at >= $4 and created_at < $5
      group by 1`,
    [scope.applicationId, scope.mode, scope.merchantId, period.from, period.to, fromMs, sliceMs],
  );
  const decisions = slices.reduce((sum, slice) => sum + slice.decisions, 0);
  const sums = newReplaySums();
  const deadline = clock.now().getTime() + budgetMs;
  // In an order in which any beginning is spread over the period.
  const spread = [...slices].sort((a, b) => reversed(a.slice) - reversed(b.slice));
  for (const { slice, decisions: all } of spread) {
    const take = decisions <= maxDecisions ? all : Math.max(1, Math.round((all * maxDecisions) / decisions));
    let left = take;
    let before = new Date(Math.min(period.to.getTime(), fromMs + (slice + 1) * sliceMs));
    let beforeId = FIRST_ID;
    const start = new Date(fromMs + slice * sliceMs);
    while (left > 0 && clock.now().getTime() <= deadline) {
      const rows = await db.query<DecisionRow>(BATCH_OF, [
        scope.applicationId,
        scope.mode,
        scope.merchantId,
        start,
        before,
        beforeId,
        Math.min(left, BATCH),
      ]);
      for (const row of rows) {
        const past = pastDecision(row);
        if (past !== null) addToReplay(sums, past, change);
      }
      const last = rows.at(-1);
      if (last === undefined) break;
      left -= rows.length;
      before = last.createdAt;
      beforeId = last.id;
    }
  }
  return replayResult(sums, { ...period, decisions });
}

/** Below every id. */
const FIRST_ID = "00000000-0000-0000-0000-000000000000";

// Along routing_decisions' index of the list; sessions and outcomes by their primary keys.
const BATCH_OF = `select d.id, d.created_at as "createdAt", d.receipt, s.currency, s.amount_total as "amountTotal",
       s.customer -> 'billingAddress' ->> 'country' as country, s.additional_information as metadata,
       o.connection_id as "outcomeConnectionId", o.kind
  from routing_decisions d
  join payment_sessions s on s.id = d.session_id
  left join routing_outcomes o on o.decision_id = d.id
 where d.application_id = $1 and d.mode = $2::mode and d.merchant_id = $3
   and d.created_at >= $4 and (d.created_at, d.id) < ($5, $6::uuid)
 order by d.created_at desc, d.id desc limit $7`;

/** Null for a receipt that cannot be read: it is not replayed, and the sample is smaller by it. */
function pastDecision(row: DecisionRow): PastDecision | null {
  const parsed = receiptSchema.safeParse(row.receipt);
  if (!parsed.success) return null;
  const receipt: Receipt = parsed.data;
  return {
    receipt,
    request: {
      paymentMethod: receipt.segment.split(":")[0] ?? "",
      currency: row.currency,
      country: row.country,
      amount: Number(toDecimalText(row.amountTotal, row.currency)),
      metadata: row.metadata,
    },
    outcome:
      row.outcomeConnectionId === null || row.kind === null
        ? null
        : { connectionId: row.outcomeConnectionId, kind: row.kind },
  };
}

/** The bits of a slice's number from the other end: 0, 32, 16, 48, … of 64. */
function reversed(slice: number): number {
  let result = 0;
  for (let bit = 1, back = SLICES / 2; bit < SLICES; bit *= 2, back /= 2) if (slice & bit) result += back;
  return result;
}
