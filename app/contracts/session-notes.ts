import { z } from "zod";
import { text } from "./common";

/** A note of the team on a session; "@Tom Reyes" in it tells that member. */
export const sessionNoteSchema = z.object({ body: text(2_000) });
