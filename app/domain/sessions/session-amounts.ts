import Big from "big.js";
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
 * Checks Σ quantity × unitPrice + shipping + tax = total in exact decimal arithmetic (api.md §5.1).
 * @throws AppError VALIDATION_FAILED with the documented message, and the arithmetic in `details`.
 */
export function reconcileAmounts(
  session: Pick<SessionCreate, "amount" | "currency" | "orderItems">,
): SessionAmounts {
  const { amount, currency, orderItems } = session;
  const lines = orderItems.map((item) => ({
    name: item.name,
    quantity: item.quantity,
    unitPrice: item.unitPrice,
    lineTotal: new Big(item.unitPrice).times(item.quantity).toFixed(),
  }));
  const expected = [...lines.map((line) => line.lineTotal), amount.shipping ?? "0", amount.tax ?? "0"].reduce(
    (sum, part) => sum.plus(part),
    new Big(0),
  );
  if (!expected.eq(amount.total)) {
    throw new AppError("VALIDATION_FAILED", {
      message: ["amount.total does not match the sum of line items, shipping, and tax"],
      details: {
        expected: expected.toFixed(),
        received: new Big(amount.total).toFixed(),
        difference: new Big(amount.total).minus(expected).toFixed(),
        lines: [
          ...lines,
          ...(amount.shipping === undefined ? [] : [{ name: "shipping", lineTotal: amount.shipping }]),
          ...(amount.tax === undefined ? [] : [{ name: "tax", lineTotal: amount.tax }]),
        ],
      },
    });
  }
  return {
    total: toMinorUnits(amount.total, currency),
    shipping: amount.shipping === undefined ? null : toMinorUnits(amount.shipping, currency),
    tax: amount.tax === undefined ? null : toMinorUnits(amount.tax, currency),
  };
}
