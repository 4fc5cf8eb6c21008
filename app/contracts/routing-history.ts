import { z } from "zod";
import { currencySchema, idSchema, modeSchema, pageQuerySchema, text, timeSchema } from "./common";
import { receiptSchema } from "./routing";
import { loose, momentSchema } from "./sessions-list";
import { scoreComponents } from "./words";

const scopeMode = modeSchema.default("live").describe("live unless told.");
const from = momentSchema
  .optional()
  .describe("A time with its zone; a date is its midnight in UTC. Included.");
const to = momentSchema.optional().describe("Not included; now when left out.");

/** method:currency, the unit in which outcomes are pooled (routing.md §2). */
const segmentSchema = z
  .string()
  .regex(/^[a-z][a-z0-9_]{0,49}:[A-Z]{3}$/, "must be a payment method and a currency, as card:AUD");

/** Points that one answer has at the most. */
export const MAX_POINTS = 10_000;

/** Query of `GET …/routing/scores`. */
export const scoresQuerySchema = z.strictObject({
  mode: scopeMode,
  from: from.describe("Included; 24 hours before `to` when left out."),
  to,
  grain: z
    .enum(["minute", "hour"], { error: "must be minute or hour" })
    .optional()
    .describe(
      "Minutes are kept for 48 hours, hours for 400 days; by the length of the period when left out.",
    ),
  segment: segmentSchema.optional().describe("Payment method and currency, as card:AUD; all when left out."),
  connectionId: z.uuid("must be a UUID").optional().describe("One provider connection; all when left out."),
});

const share = z.number().min(0).max(1);

export const scoresResourceSchema = z.strictObject({
  mode: modeSchema,
  grain: z.enum(["minute", "hour"]),
  from: timeSchema,
  to: timeSchema,
  series: z.array(
    z.strictObject({
      connectionId: idSchema,
      provider: z.string(),
      segment: z.string().describe("Payment method and currency, as card:AUD."),
      points: z
        .array(
          z.strictObject({
            at: timeSchema.describe(
              "The start of the minute or hour. One that was not recorded is left out.",
            ),
            score: z.number().min(0).max(100),
            successRate: share,
            cost: share,
            speed: share,
            availability: share.describe("0 while the breaker is open."),
            chosen: z.int().min(0).describe("Decisions that chose this connection."),
          }),
        )
        .describe("Oldest first."),
    }),
  ),
  outages: z
    .array(
      z.strictObject({
        connectionId: idSchema,
        provider: z.string(),
        from: timeSchema.describe("When the breaker opened."),
        to: timeSchema.nullable().describe("When it closed; null while it is open."),
      }),
    )
    .describe("Those that touch the period, oldest first."),
  configChanges: z
    .array(
      z.strictObject({
        version: z.int(),
        at: timeSchema,
        author: z.string().nullable(),
        note: z.string().nullable(),
      }),
    )
    .describe("Configurations that came into force in the period, oldest first."),
});
export type ScoresResource = z.infer<typeof scoresResourceSchema>;

const flag = z
  .enum(["true", "false"], { error: "must be true or false" })
  .transform((value) => value === "true");

/** Query of `GET …/routing/decisions` (api.md §3). */
export const decisionsQuerySchema = pageQuerySchema
  .extend({
    mode: scopeMode,
    from: from.describe("Included; from the first decision on when left out."),
    to,
    provider: text(50).optional().describe("Of the chosen connection."),
    paymentMethod: text(50).optional(),
    currency: currencySchema.optional(),
    explored: flag.optional().describe("Whether exploration changed the winner."),
    hasExclusions: flag.optional().describe("Whether any connection was excluded."),
  })
  .strict();

const decisionFields = {
  id: idSchema,
  sessionId: idSchema,
  createdAt: timeSchema,
  mode: modeSchema,
  paymentMethod: z.string(),
  currency: z.string().length(3),
  amount: z.number().positive().describe("In the currency's own units."),
  chosen: z
    .strictObject({
      connectionId: idSchema,
      provider: z.string(),
      score: z.number().min(0).max(100).nullable(),
    })
    .nullable()
    .describe("The connection that was tried first; null when none could serve."),
  explored: z.boolean().describe("Exploration changed the winner."),
  candidates: z.int().min(0).describe("Connections that were looked at, the excluded ones too."),
  exclusions: z.int().min(0).describe("How many of them were excluded."),
  configVersion: z.int().min(0),
};

export const decisionResourceSchema = z.strictObject(decisionFields);
export type DecisionResource = z.infer<typeof decisionResourceSchema>;

export const decisionWithReceiptSchema = z.strictObject({
  ...decisionFields,
  receipt: receiptSchema
    .nullable()
    .describe(
      "What the decision was made from: every candidate with its factors. Null when it cannot be read.",
    ),
  isReproducible: z
    .boolean()
    .describe("Computed again from the receipt just now: the same order and scores, bit for bit."),
});
export type DecisionWithReceipt = z.infer<typeof decisionWithReceiptSchema>;

/** The presets of the routing pages' periods, in hours. */
export const periodHours = { "1h": 1, "24h": 24, "7d": 7 * 24, "30d": 30 * 24 } as const;
export const periodSchema = z.enum(["1h", "24h", "7d", "30d"]);
export type Period = z.infer<typeof periodSchema>;

export type ScoreComponent = (typeof scoreComponents)[number];

/** The search parameters of the routing overview; one that does not fit is dropped. */
export const routingPageQuerySchema = z.object({
  period: periodSchema.catch("24h"),
  show: z.enum(scoreComponents).catch("score"),
  segment: loose(segmentSchema),
});
export type RoutingPageQuery = z.output<typeof routingPageQuerySchema>;

const yesNo = loose(z.enum(["yes", "no"]));

/** The search parameters of the dashboard's list of decisions. */
export const decisionsPageQuerySchema = z.object({
  page: pageQuerySchema.shape.page.catch(1),
  limit: pageQuerySchema.shape.limit.catch(20),
  period: periodSchema.catch("7d"),
  provider: loose(text(50)),
  method: loose(text(50)),
  currency: loose(currencySchema),
  explored: yesNo,
  excluded: yesNo,
});
export type DecisionsPageQuery = z.output<typeof decisionsPageQuerySchema>;
