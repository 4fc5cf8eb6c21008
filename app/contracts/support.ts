import { z } from "zod";
import { text } from "./common";

/** Why staff look at a merchant: a sentence that its people can make something of. */
export const supportReasonSchema = z.object({
  reason: text(300).refine((reason) => reason.trim().length >= 10, "must have at least 10 characters"),
});

/** What is looked for over all merchants: long enough to mean something. */
export const supportSearchSchema = text(320).refine(
  (q) => q.trim().length >= 3,
  "must have at least 3 characters",
);
