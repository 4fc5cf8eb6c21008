import type { Candidate, Receipt } from "~/contracts/routing";
import { inOrder } from "./candidates";
import { ruleLead } from "./rule-words";
import { exclusionWords, percentText, scoreText, segmentInSentence } from "./words";

/** Why a decision went as it did, in a word or two. */
export interface Reason {
  kind: "best" | "weights" | "only" | "rule" | "explored" | "failover" | "refused" | "none" | "unreadable";
  text: string;
}

/** The one reason that a line of a list has room for: what became of it before why the engine chose. */
export function reasonOf(
  receipt: Receipt | null,
  session: { connectionId: string | null; provider: string | null; failureReason: string | null },
): Reason {
  if (receipt === null) return { kind: "unreadable", text: "Receipt unreadable" };
  const [winner, ...others] = inOrder(receipt).filter(({ rank }) => rank !== null);
  if (winner === undefined) return { kind: "none", text: "No provider could" };
  if (session.failureReason === "all_providers_failed")
    return { kind: "refused", text: "Every provider refused" };
  if (session.connectionId !== null && session.connectionId !== winner.connectionId) {
    return { kind: "failover", text: `Failover to ${session.provider ?? "another provider"}` };
  }
  if (ruleLead(receipt) !== null) return { kind: "rule", text: "Merchant rule" };
  if (receipt.explored) return { kind: "explored", text: "Exploration" };
  if (others.length === 0) return { kind: "only", text: "Only one could" };
  const isBest = others.every((one) => (one.score ?? 0) <= (winner.score ?? 0));
  return isBest ? { kind: "best", text: "Best score" } : { kind: "weights", text: "Best by weights" };
}

/** What moved the winner ahead of the next, as a share by which it changes the utility: 0.043 is +4.3 %. */
export interface Contribution {
  name: string;
  share: number;
  /** "94.1% against 90.2%". */
  figures: string;
}

export interface Explanation {
  /** Who won, against whom, by how much, and mostly why. */
  sentence: string;
  /** Empty without a contest, and where a merchant rule decided it. */
  contributions: Contribution[];
  /** One sentence for each that could not serve. */
  exclusions: string[];
}

/** The decision in plain words, from its receipt alone. */
export function explain(receipt: Receipt): Explanation {
  const ordered = inOrder(receipt);
  const [winner, second] = ordered.filter(({ rank }) => rank !== null);
  const excluded = ordered.filter((one) => one.excluded !== null);
  const exclusions = excluded.map(
    ({ provider, excluded: why }) =>
      `${provider} was left out because ${why === null ? "" : exclusionWords[why].because}.`,
  );
  const what = segmentInSentence(receipt.segment);
  if (winner === undefined) {
    return { sentence: `No connection could take ${what}.`, contributions: [], exclusions };
  }
  if (second === undefined) {
    const others = excluded.length === 0 ? "it is the only connection" : "the others were left out";
    return {
      sentence: `${winner.provider} was the only one that could take ${what}: ${others}, so there was no contest.`,
      contributions: [],
      exclusions,
    };
  }
  const contributions = contributionsOf(winner, second, receipt.weights);
  const byRule = ruleLead(receipt);
  if (byRule !== null) {
    return {
      sentence: `${byRule} The engine did not choose between it and ${second.provider}. ${scoresOf(winner, second)}`,
      contributions: [],
      exclusions,
    };
  }
  if (wonByItsTurn(winner, second)) {
    return {
      sentence: `${winner.provider} came before ${second.provider} because it was its turn to be tried: hardly anybody had been sent there in the minutes before, and a small share of the customers tries such a connection, so that its rate stays known. ${scoresOf(winner, second)}`,
      contributions: [],
      exclusions,
    };
  }
  return { sentence: contestSentence(winner, second, contributions, receipt), contributions, exclusions };
}

const scoresOf = (winner: Candidate, second: Candidate) =>
  `Their scores: ${scoreText(winner.score ?? 0)} and ${scoreText(second.score ?? 0)}.`;

/** True when it was the winner's turn to be tried, and nothing else put it first. */
function wonByItsTurn(winner: Candidate, second: Candidate): boolean {
  return winner.trial && winner.tier === second.tier && winner.utility < second.utility;
}

/** Utilities are products, so their logarithms add up: each factor's part of the winner's lead. */
function contributionsOf(winner: Candidate, second: Candidate, weights: Receipt["weights"]): Contribution[] {
  const times = (ratio: number, weight: number) =>
    ratio > 0 && Number.isFinite(ratio) ? ratio ** weight : 1;
  const pair = (a: string, b: string) => `${a} against ${b}`;
  const speed = (one: Candidate) => one.factors?.speed ?? 1;
  const finishing = (one: Candidate) => one.completionDrawn ?? one.completion;
  const parts = [
    {
      name: "Chance of payment, as drawn",
      ratio: times(winner.theta / second.theta, 1),
      figures: pair(percentText(winner.theta, 1), percentText(second.theta, 1)),
    },
    {
      name: "Fee",
      ratio: times((weights.margin - winner.feeShare) / (weights.margin - second.feeShare), weights.cost),
      figures: pair(percentText(winner.feeShare), percentText(second.feeShare)),
    },
    {
      name: "Speed",
      ratio: times(speed(winner) / speed(second), weights.speed),
      figures: pair(speed(winner).toFixed(3), speed(second).toFixed(3)),
    },
    {
      name: "Customers who finish, as drawn",
      ratio: times(finishing(winner) / finishing(second), 1),
      figures: pair(percentText(finishing(winner), 1), percentText(finishing(second), 1)),
    },
  ];
  return parts.map(({ name, ratio, figures }) => ({ name, share: ratio - 1, figures }));
}

const REASONS: Record<string, string> = {
  "Chance of payment, as drawn": "the higher chance of payment",
  Fee: "the lower fee",
  Speed: "the faster checkout",
  "Customers who finish, as drawn": "more customers finishing there",
};

function contestSentence(
  winner: Candidate,
  second: Candidate,
  contributions: readonly Contribution[],
  { explored }: Receipt,
): string {
  const lead = second.utility > 0 ? winner.utility / second.utility - 1 : null;
  const by =
    lead === null ? "" : lead < 0.00005 ? ", by a hair" : ` by ${percentText(lead, lead < 0.01 ? 2 : 1)}`;
  const main = contributions.reduce((a, b) => (b.share > a.share ? b : a));
  const against = contributions
    .filter(({ share }) => share < -0.0005)
    .map(({ name }) => REASONS[name] ?? name);
  const because = main.share > 0 ? `, mostly for ${REASONS[main.name] ?? main.name}` : "";
  const although = against.length > 0 ? `, although ${second.provider} had ${against.join(" and ")}` : "";
  const first = `${winner.provider} came before ${second.provider}${by}${because}${although}.`;
  const exploration = explored
    ? ` This was exploration: on average another one was ahead, and the draw put ${winner.provider} first so that its rate stays known.`
    : "";
  return `${first} ${scoresOf(winner, second)}${exploration}`;
}
