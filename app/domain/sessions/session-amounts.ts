import { mismatchOf } from "~/contracts/session-arithmetic";
import type { SessionCreate } from "~/contracts/sessions";
import { AppError } from "~/lib/errors";
import { toMinorUnits } from "~/lib/money";

/** Minor units of the session's currency. */
export interface SessionAmounts {
  total: bigint;
  shipping: bigint | null;
  tax: bigint | null;
}

/**
 * The amounts of a body that adds up (api.md §5.1): its schema says so, with the arithmetic; what did not
 * come through the schema is refused here.
 * @throws AppError VALIDATION_FAILED.
 */
export function sessionAmounts(
  session: Pick<SessionCreate, "amount" | "currency" | "orderItems">,
): SessionAmounts {
  const { amount, currency } = session;
  const details = mismatchOf(session);
  if (details !== null)
    throw new AppError("VALIDATION_FAILED", { message: ["amount.total does not match its parts"], details });
  return {
    total: toMinorUnits(amount.total, currency),
    shipping: amount.shipping === undefined ? null : toMinorUnits(amount.shipping, currency),
    tax: amount.tax === undefined ? null : toMinorUnits(amount.tax, currency),
  };
}
