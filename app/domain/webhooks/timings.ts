import { z } from "zod";

const timingsSchema = z.object({
  dns: z.number().optional(),
  connect: z.number().optional(),
  tls: z.number().optional(),
  wait: z.number().optional(),
});
/** Milliseconds of a try's parts, where they took place. */
export type Timings = z.infer<typeof timingsSchema>;

/** What was stored of a try's parts; null for tries that were not timed. */
export function timingsOf(stored: unknown): Timings | null {
  const parsed = timingsSchema.safeParse(stored);
  return parsed.success && Object.keys(parsed.data).length > 0 ? parsed.data : null;
}
