import { z } from "zod";
import { type ReplayPeriod, replayPeriods } from "./replay-periods";

const weight = (min: number) =>
  z
    .number({ error: "must be a number" })
    .min(min, `must be at least ${min}`)
    .max(min === 0 ? 10 : 1, `must be at most ${min === 0 ? 10 : 1}`)
    .optional();

/** The what-if form, which is the page's address: what is left out stays as it was in each decision. */
export const replayFormSchema = z.object({
  period: z
    .enum(Object.keys(replayPeriods) as [ReplayPeriod, ...ReplayPeriod[]], {
      error: "must be one of the choices",
    })
    .default("7d"),
  off: z.uuid("must be one of the choices").optional(),
  rules: z.enum(["then", "now", "none"], { error: "must be one of the choices" }).default("then"),
  cost: weight(0),
  speed: weight(0),
  margin: weight(0.01),
});
export type ReplayForm = z.output<typeof replayFormSchema>;

/** Whether anything would be different at all. */
export function isChange({ off, rules, cost, speed, margin }: ReplayForm): boolean {
  return rules !== "then" || [off, cost, speed, margin].some((value) => value !== undefined);
}
