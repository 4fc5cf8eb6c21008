import { z } from "zod";
import { apiKeyCreateSchema } from "~/contracts/api-keys";
import { graces, lifetimes } from "./api-key-choices";

/** The form says a lifetime in days; the command takes the moment. */
export const apiKeyFormSchema = apiKeyCreateSchema.pick({ description: true }).extend({
  lifetime: z.enum(lifetimes, { error: "must be one of the choices" }),
});

/** When a key of this lifetime expires; null for never. */
export function expiryOf(lifetime: (typeof lifetimes)[number], now: Date): Date | null {
  return lifetime === "never" ? null : new Date(now.getTime() + Number(lifetime) * 24 * 3600_000);
}

/** Hours, as text, that the old key goes on working. */
export const apiKeyRollFormSchema = z.strictObject({
  graceHours: z.enum(graces, { error: "must be one of the choices" }).transform(Number),
});
