import { z } from "zod";
import { text } from "./common";

/** A ticked box of a form. */
const ticked = z
  .literal("on")
  .optional()
  .transform((value) => value === "on");

/** The filters of a list under a name: for oneself, or for the team. `query` is a search string without "?". */
export const savedViewSchema = z.object({
  name: text(60),
  query: z
    .string()
    .max(2_000, "has too many filters")
    .optional()
    .transform((value) => value ?? ""),
  isShared: ticked,
});

/** What can be changed of one; the filters are taken from the page by a button of their own. */
export const savedViewChangeSchema = savedViewSchema.omit({ query: true });
