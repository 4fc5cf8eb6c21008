import { isDeepStrictEqual } from "node:util";
import type { Receipt } from "~/contracts/routing";
import { recompute } from "./decide.server";

/** Whether the receipt, computed again now, gives the same order and scores bit for bit (routing.md §6). */
export function isReproducible(receipt: Receipt): boolean {
  const again = recompute(receipt);
  return (
    again.explored === receipt.explored &&
    // JSON has no −0, and this takes it for 0.
    isDeepStrictEqual(
      JSON.parse(JSON.stringify(again.candidates)),
      JSON.parse(JSON.stringify(receipt.candidates)),
    )
  );
}
