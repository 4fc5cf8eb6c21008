import { z } from "zod";

const timingsSchema = z.object({
  dns: z.number().nullable().default(null),
  connect: z.number().nullable().default(null),
  tls: z.number().nullable().default(null),
  wait: z.number().nullable().default(null),
});
/** Milliseconds of a try's parts; null for what did not take place. */
export type Timings = z.infer<typeof timingsSchema>;

/** What was stored of a try's parts; null for tries that were not timed. */
export function timingsOf(stored: unknown): Timings | null {
  const parsed = timingsSchema.safeParse(stored);
  return parsed.success && Object.values(parsed.data).some((part) => part !== null) ? parsed.data : null;
}
