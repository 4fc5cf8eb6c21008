import type { Exclusion } from "~/contracts/routing";
import type { Period, ScoreComponent } from "~/contracts/routing-history";
import { methodName } from "~/features/sessions/method";

/** Why a connection was not considered: in a badge, and as a sentence that ends "… because". */
export const exclusionWords: Record<Exclusion, { short: string; because: string }> = {
  inactive: { short: "paused", because: "it was paused" },
  payment_method: { short: "method", because: "it does not take this payment method" },
  currency: { short: "currency", because: "it does not take this currency" },
  country: { short: "country", because: "it does not serve the customer’s country" },
  credentials: { short: "credentials", because: "it has no credentials for this mode" },
  breaker_open: {
    short: "breaker open",
    because: "its breaker was open after failed creates, and no probe was due yet",
  },
  amount: { short: "amount limit", because: "the amount is outside its limits" },
  rule: { short: "merchant rule", because: "a merchant rule excludes it" },
  unknown_provider: { short: "not installed", because: "this installation has no adapter for it" },
};

/** "card:AUD" → "Card in AUD". */
export function segmentWords(segment: string): string {
  const [method = "", currency = ""] = segment.split(":");
  return `${methodName(method)} in ${currency}`;
}

/** The same inside a sentence: "card in AUD", "M-Pesa in KES". */
export function segmentInSentence(segment: string): string {
  return segmentWords(segment).replace(/^Card\b/, "card");
}

export const periodWords: Record<Period, { short: string; words: string }> = {
  "1h": { short: "1 h", words: "the last hour" },
  "24h": { short: "24 h", words: "the last 24 hours" },
  "7d": { short: "7 d", words: "the last 7 days" },
  "30d": { short: "30 d", words: "the last 30 days" },
};

export const componentWords: Record<ScoreComponent, { title: string; short: string; note: string }> = {
  score: { title: "Score per provider", short: "Score", note: "0 to 100" },
  successRate: { title: "Success rate", short: "Success rate", note: "chance of being paid" },
  cost: { title: "Cost", short: "Cost", note: "against the lowest fee" },
  speed: { title: "Speed", short: "Speed", note: "from p50 create time" },
  availability: { title: "Availability", short: "Availability", note: "1 − create errors" },
};

/** A score with one decimal. */
export function scoreText(score: number): string {
  return score.toFixed(1);
}

/** A factor from 0 to 1 with three or four decimals, without the zero before the point: ".934", "1", "0". */
export function factorText(value: number, digits = 3): string {
  const text = value.toFixed(digits);
  return Number.isInteger(Number(text)) ? String(Number(text)) : text.replace(/^0\./, ".");
}

/** A share of 1 as a percentage with up to two decimals: 0.0196 → "1.96%". */
export function percentText(share: number, digits = 2): string {
  return `${(share * 100).toFixed(digits)}%`;
}
