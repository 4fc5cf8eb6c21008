import type { Candidate, Receipt } from "~/contracts/routing";
import { durationWords, ordinal } from "~/features/sessions/words";
import { exclusionWords, factorText, scoreText } from "./words";

export interface ResultBadge {
  tone: "success" | "danger" | "warning" | "info" | "neutral";
  text: string;
}

/** A candidate of a decision in words and formatted figures. */
export interface CandidateView {
  provider: string;
  /** "–" when excluded. */
  rank: string;
  score: string;
  success: string;
  cost: string;
  speed: string;
  available: string;
  sample: string;
  newest: string;
  result: ResultBadge;
  isWinner: boolean;
}

/** Ranked candidates first, in the order in which they were to be tried. */
export function inOrder({ candidates }: Pick<Receipt, "candidates">): Candidate[] {
  const ranked = candidates.filter((one) => one.rank !== null).sort((a, b) => (a.rank ?? 0) - (b.rank ?? 0));
  return [...ranked, ...candidates.filter((one) => one.rank === null)];
}

/** @param attempted the place among the decision's attempts, from 1, by connection. */
export function candidateView(one: Candidate, attempted: ReadonlyMap<string, number>): CandidateView {
  const tried = attempted.get(one.connectionId);
  const share = (value: number | undefined, digits: number) =>
    value === undefined ? "–" : factorText(value, digits);
  const result: ResultBadge = one.excluded
    ? { tone: "danger", text: `Excluded: ${exclusionWords[one.excluded].short}` }
    : tried === undefined
      ? { tone: "neutral", text: "Next in line" }
      : {
          tone: tried === 1 ? "success" : "info",
          text: tried === 1 ? "Tried first" : `Tried ${ordinal(tried)}`,
        };
  return {
    provider: one.provider,
    rank: one.rank === null ? "–" : String(one.rank),
    score: one.score === null ? "–" : scoreText(one.score),
    success: share(one.factors?.successRate, 3),
    cost: share(one.factors?.cost, 4),
    speed: share(one.factors?.speed, 3),
    available: share(one.factors?.availability, 3),
    sample: String(Math.round(one.sampleSize)),
    newest: one.newestOutcomeAgeS === null ? "–" : durationWords(Math.round(one.newestOutcomeAgeS) * 1000),
    result,
    isWinner: one.rank === 1,
  };
}

/** In a line or two: who led, and by how much. */
export function leadWords(ranked: readonly Candidate[], explored: boolean): string {
  const [winner, ...others] = ranked;
  if (!winner || others.length === 0) return "";
  const best = others.reduce((a, b) => ((b.score ?? 0) > (a.score ?? 0) ? b : a));
  const lead = (winner.score ?? 0) - (best.score ?? 0);
  if (explored)
    return `Exploration put ${winner.provider} before ${best.provider}, so that both rates stay known.`;
  return lead >= 0
    ? `${winner.provider} led by ${lead.toFixed(1)} points; exploration did not change the winner.`
    : `${winner.provider} ranks first by the application’s weights, ${best.provider} has the higher score.`;
}
