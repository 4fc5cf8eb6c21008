import { z } from "zod";

/** Why a connection was not considered (routing.md §1). */
export const exclusionSchema = z.enum([
  "inactive",
  "payment_method",
  "currency",
  "country",
  "credentials",
  "breaker_open",
  "unknown_provider",
  "amount",
  "rule",
]);
export type Exclusion = z.infer<typeof exclusionSchema>;

/** A merchant's rule that had a say in a decision: which of the version's rules, and about which connection. */
const appliedRuleSchema = z.object({
  kind: z.enum(["pin", "split", "priority", "limit", "exclusion"]),
  /** In the version's list of its kind, from 1. */
  position: z.number(),
  connectionId: z.uuid(),
  /** The pinned connection could not serve, so the pin did nothing. */
  isPassedOver: z.boolean(),
});
export type AppliedRule = z.infer<typeof appliedRuleSchema>;

/** One connection in a decision: what was known of it then, and what followed. */
export const candidateSchema = z.object({
  connectionId: z.uuid(),
  provider: z.string(),
  /** 1 is tried first; null when excluded. */
  rank: z.number().nullable(),
  excluded: exclusionSchema.nullable(),
  /** Where the merchant's rules put it: a lower tier is tried first, the engine orders within one. */
  tier: z.number().default(0),
  /** Hardly anybody had been sent there lately, so it goes first; unless it would have lost with everybody paid. */
  trial: z.boolean().default(false),
  /** 0–100, from the posterior mean, so that it is calm (routing.md §5). */
  score: z.number().nullable(),
  factors: z
    .object({ successRate: z.number(), cost: z.number(), speed: z.number(), availability: z.number() })
    .nullable(),
  /** Beta posterior of "a created session is paid". */
  alpha: z.number(),
  beta: z.number(),
  /** Standard normal drawn from (session, connection, configuration version). */
  z: z.number(),
  /** Share of customers expected to come to an end, and not to leave; 1 in receipts from before it was known. */
  completion: z.number().default(1),
  /** The same drawn from what is known of it: what the utility has. Null in receipts from before it was drawn. */
  completionDrawn: z.number().nullable().default(null),
  /** Sampled chance of payment. */
  theta: z.number(),
  utility: z.number(),
  /** Fee ÷ amount, for this amount and currency. */
  feeShare: z.number(),
  /** Outcomes behind the estimate. */
  sampleSize: z.number(),
  newestOutcomeAgeS: z.number().nullable(),
});
export type Candidate = z.infer<typeof candidateSchema>;

/** The receipt of a decision: enough to compute the same order and scores again (routing.md §6). */
export const receiptSchema = z.object({
  segment: z.string(),
  configVersion: z.number(),
  weights: z.object({ margin: z.number(), cost: z.number(), speed: z.number() }),
  seed: z.string(),
  /** The merchant's rules that acted, of `configVersion` (routing.md §3). */
  rules: z.array(appliedRuleSchema).default([]),
  /** Share of the posterior's spread that the draw used; what it was before receipts said so. */
  temperature: z.number().default(0.5),
  candidates: z.array(candidateSchema),
  /** Exploration changed the winner. */
  explored: z.boolean(),
});
export type Receipt = z.infer<typeof receiptSchema>;
