import Big from "big.js";

export interface SumParts {
  amount: { total: string; shipping?: string | undefined; tax?: string | undefined };
  orderItems: readonly { name: string; quantity: number; unitPrice: string }[];
}

/** What a mismatch is explained with, in the error's `details`; all decimal texts (api.md §5.1). */
export interface Arithmetic {
  expected: string;
  received: string;
  /** received − expected. */
  difference: string;
  lines: (
    | { name: string; lineTotal: string }
    | { name: string; quantity: number; unitPrice: string; lineTotal: string }
  )[];
}

/**
 * Σ quantity × unitPrice + shipping + tax against the total, in exact decimal arithmetic (api.md §5.1); null
 * when they are equal.
 */
export function mismatchOf({ amount, orderItems }: SumParts): Arithmetic | null {
  const lines = orderItems.map(({ name, quantity, unitPrice }) => ({
    name,
    quantity,
    unitPrice,
    lineTotal: new Big(unitPrice).times(quantity).toFixed(),
  }));
  const extras = (["shipping", "tax"] as const).flatMap((name) => {
    const lineTotal = amount[name];
    return lineTotal === undefined ? [] : [{ name, lineTotal }];
  });
  const expected = [...lines, ...extras].reduce((sum, { lineTotal }) => sum.plus(lineTotal), new Big(0));
  const received = new Big(amount.total);
  if (expected.eq(received)) return null;
  return {
    expected: expected.toFixed(),
    received: received.toFixed(),
    difference: received.minus(expected).toFixed(),
    lines: [...lines, ...extras],
  };
}
