import type { SqlExecutor } from "~/db/database";
import type { PaymentSession } from "~/db/generated/client";
import type { Services } from "~/domain/services";
import type { ProviderCheckoutState } from "~/providers/port";
import { changeStatus } from "./change-status.server";

export type ApplyOutcome = "applied" | "no_change" | "ignored_terminal" | "amount_mismatch";

/**
 * Believes what a provider says of a session's checkout (api.md §5.4 and §7), in the caller's
 * transaction, which has locked the session. Another amount or currency than the session's is never
 * believed: it is logged, and nothing changes.
 */
export async function applyProviderState(
  tx: SqlExecutor,
  session: PaymentSession,
  state: ProviderCheckoutState,
  services: Services,
): Promise<ApplyOutcome> {
  if (state.amount !== session.amountTotal || state.currency !== session.currency) {
    services.log.error(
      {
        sessionId: session.id,
        provider: session.providerName,
        said: `${state.amount} ${state.currency}`,
        expected: `${session.amountTotal} ${session.currency}`,
      },
      "a provider reports another amount than the session's",
    );
    return "amount_mismatch";
  }
  const changed = await changeStatus(
    tx,
    session,
    {
      status: state.state,
      failureReason: state.state === "EXPIRED" ? "expired" : state.failureReason,
      failureCode: state.failureCode,
      card: state.card,
      payerPhoneLast3: state.payerPhoneLast3,
    },
    services,
  );
  if (changed !== null) return "applied";
  return session.status === state.state ? "no_change" : "ignored_terminal";
}
