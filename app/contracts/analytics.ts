import { z } from "zod";
import { currencySchema, text } from "./common";
import { loose, periodQueryShape } from "./sessions-list";

/** What the success rate is broken down by. */
export const dimensions = ["provider", "method", "currency"] as const;
export type Dimension = (typeof dimensions)[number];

/** Search parameters of the analytics page and its CSV files; a value that does not fit is dropped. */
export const analyticsQuerySchema = z.object({
  ...periodQueryShape,
  method: loose(text(50)),
  provider: loose(text(50)),
  currency: loose(currencySchema),
  by: z.enum(dimensions).catch("provider"),
  /** success: paid ÷ (paid + failed); conversion: paid ÷ created. */
  measure: z.enum(["success", "conversion"]).catch("success"),
  /** The currency of the volume chart. */
  volume: loose(currencySchema),
  /** Of the durations that are drawn; the tables have all. */
  percentile: z.enum(["p50", "p95"]).catch("p50"),
  /** Present: everything in one answer, for browsers without JavaScript. */
  whole: z.literal("1").optional().catch(undefined),
});
export type AnalyticsQuery = z.output<typeof analyticsQuerySchema>;

/** The files of the page's numbers. */
export const analyticsFiles = ["success", "failures", "funnel", "volume", "create-time", "pay-time"] as const;
export type AnalyticsFile = (typeof analyticsFiles)[number];
