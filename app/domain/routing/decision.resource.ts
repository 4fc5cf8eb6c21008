import type { DecisionResource } from "~/contracts/routing-history";
import type { Mode } from "~/db/generated/enums";
import { toDecimalText } from "~/lib/money";
import type { DecisionRow } from "./list-decisions.server";

/** A decision as the API shows it, without its receipt. */
export function decisionResource(row: DecisionRow, mode: Mode): DecisionResource {
  const candidates = row.receipt?.candidates ?? [];
  return {
    id: row.id,
    sessionId: row.sessionId,
    createdAt: row.createdAt.toISOString(),
    mode,
    paymentMethod: row.segment.split(":")[0] ?? "",
    currency: row.currency,
    amount: Number(toDecimalText(row.amountTotal, row.currency)),
    chosen:
      row.chosenConnectionId === null
        ? null
        : {
            connectionId: row.chosenConnectionId,
            provider: row.chosenProvider ?? "",
            score: row.chosenScore,
          },
    explored: row.explored,
    candidates: candidates.length,
    exclusions: candidates.filter(({ excluded }) => excluded !== null).length,
    configVersion: row.configVersion,
  };
}
