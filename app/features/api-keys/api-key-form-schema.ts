import { z } from "zod";
import { apiKeyCreateSchema } from "~/contracts/api-keys";

export const lifetimes = ["never", "7", "30", "90", "365"] as const;

/** The form says a lifetime in days; the command takes the moment. */
export const apiKeyFormSchema = apiKeyCreateSchema.pick({ description: true }).extend({
  lifetime: z.enum(lifetimes, { error: "must be one of the choices" }),
});

/** When a key of this lifetime expires; null for never. */
export function expiryOf(lifetime: (typeof lifetimes)[number], now: Date): Date | null {
  return lifetime === "never" ? null : new Date(now.getTime() + Number(lifetime) * 24 * 3600_000);
}

export const graces = ["0", "1", "24", "72", "168"] as const;

/** Hours, as text, that the old key goes on working. */
export const apiKeyRollFormSchema = z.strictObject({
  graceHours: z.enum(graces, { error: "must be one of the choices" }).transform(Number),
});
