import { expect, it } from "vitest";
import { viewQuery } from "~/features/sessions/view-query";

it.each([
  ["status=FAILED&page=3&limit=50&zone=UTC&view=all&ask=expire&id=1", "status=FAILED"],
  ["range=7d&currency=AUD&amount=10&amount.op=gte", "amount=10&currency=AUD&range=7d"],
  ["amount=10&amount.op=is&status=FAILED&status.op=is", "amount=10&amount.op=is&status=FAILED"],
  ["status.op=not&q=&customer.op=contains", ""],
  ["status=FAILED&status=EXPIRED&status.op=not", "status=FAILED&status=EXPIRED&status.op=not"],
])("a view of ?%s keeps ?%s", (search, kept) => {
  expect(viewQuery(new URLSearchParams(search))).toBe(kept);
});
