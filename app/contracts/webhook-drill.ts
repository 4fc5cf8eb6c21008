import { z } from "zod";
import { drillKinds } from "./words";

export type DrillKind = (typeof drillKinds)[number];

/** One request of a drill and what came back. */
export const drillCallSchema = z.object({
  startedAt: z.iso.datetime(),
  requestHeaders: z.record(z.string(), z.string()),
  /** Cut where it is long. */
  requestBody: z.string(),
  /** Of the whole body. */
  requestBytes: z.number(),
  /** Null when there was no answer. */
  status: z.number().nullable(),
  responseHeaders: z.record(z.string(), z.string()),
  responseBody: z.string(),
  /** In words, when there was no answer. */
  error: z.string().nullable(),
  durationMs: z.number(),
});
export type DrillCall = z.infer<typeof drillCallSchema>;

export const drillVerdicts = ["pass", "warn", "fail", "unknown"] as const;

/** One step with its verdict; `unknown` is for what cannot be seen from outside. */
export const drillStepSchema = z.object({
  kind: z.enum(drillKinds),
  verdict: z.enum(drillVerdicts),
  finding: z.string(),
  /** What to change; null when nothing is to be. */
  fix: z.string().nullable(),
  calls: z.array(drillCallSchema),
});
export type DrillStep = z.infer<typeof drillStepSchema>;
export type DrillVerdict = Pick<DrillStep, "verdict" | "finding" | "fix">;
