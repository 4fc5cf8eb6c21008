import type { Receipt } from "~/contracts/routing";
import { isReproducible } from "~/domain/routing/is-reproducible.server";
import { findDecision } from "~/domain/routing/list-decisions.server";
import type { RoutingScope } from "~/domain/routing/read-scores.server";
import { storedRules } from "~/domain/routing/rules";
import type { Services } from "~/domain/services";
import { zoneName } from "~/lib/zoned-time";
import { type CandidateView, candidateView, inOrder } from "./candidates";
import { type DecisionRowView, decisionRowView } from "./decisions.presenter.server";
import { type Explanation, explain } from "./explain";
import { ruleSentences } from "./rule-words";
import { percentText, segmentWords } from "./words";

/** What the order was made from, of one candidate. */
export interface DrawView {
  provider: string;
  rank: string;
  alpha: string;
  beta: string;
  mean: string;
  z: string;
  theta: string;
  /** Share of customers who come to an end, as drawn. */
  finish: string;
  fee: string;
  utility: string;
}

export interface DecisionView {
  row: DecisionRowView;
  /** "Card in AUD" */
  segment: string;
  zone: string;
  /** Null when the stored receipt cannot be read. */
  receipt: {
    explanation: Explanation;
    candidates: CandidateView[];
    draws: DrawView[];
    weights: Receipt["weights"];
    /** Share of the posterior's spread that the draw used. */
    temperature: number;
    /** What the merchant's rules did, in words, in the order in which they act. */
    rules: string[];
    seed: string;
    isReproducible: boolean;
    /** Indented JSON. */
    json: string;
  } | null;
  /** The configuration it was decided by; null where it was none of the application's own. */
  config: { version: number; note: string | null; author: string | null; at: string } | null;
  configVersion: number;
}

/** One decision with its receipt; null when this application and mode have none of that id. */
export async function presentDecision(
  input: RoutingScope & { decisionId: string; timeZone: string },
  services: Services,
): Promise<DecisionView | null> {
  const { decisionId, timeZone, ...scope } = input;
  const row = await findDecision(scope, decisionId, services);
  if (row === null) return null;
  const { prisma } = services.db;
  const { applicationId, merchantId, mode } = scope;
  const [config, next, attempts] = await Promise.all([
    prisma.routingConfig.findFirst({
      where: { applicationId, merchantId, mode, version: row.configVersion },
    }),
    prisma.routingDecision.findFirst({
      where: { sessionId: row.sessionId, merchantId, createdAt: { gt: row.createdAt } },
      orderBy: { createdAt: "asc" },
      select: { createdAt: true },
    }),
    prisma.attempt.findMany({
      where: { sessionId: row.sessionId, merchantId, startedAt: { gte: row.createdAt } },
      orderBy: { number: "asc" },
      select: { connectionId: true, startedAt: true },
    }),
  ]);
  const author = config?.authorId
    ? await prisma.user.findUnique({
        where: { id: config.authorId },
        select: { firstName: true, lastName: true },
      })
    : null;
  // A customer who chose again has a decision, and attempts, for each choice.
  const own = attempts.filter(({ startedAt }) => next === null || startedAt < next.createdAt);
  const attempted = new Map(own.map(({ connectionId }, index) => [connectionId, index + 1]));
  const { receipt } = row;
  return {
    row: decisionRowView(row),
    segment: segmentWords(row.segment),
    zone: zoneName(timeZone, row.createdAt),
    receipt: receipt && {
      explanation: explain(receipt),
      candidates: inOrder(receipt).map((one) => candidateView(one, attempted)),
      draws: inOrder(receipt).map(drawView),
      weights: receipt.weights,
      temperature: receipt.temperature,
      rules: rulesThatActed(receipt, config?.rules),
      seed: receipt.seed,
      isReproducible: isReproducible(receipt),
      json: JSON.stringify(receipt, null, 2),
    },
    config: config && {
      version: config.version,
      note: config.note,
      author: author && `${author.firstName} ${author.lastName}`,
      at: config.createdAt.toISOString(),
    },
    configVersion: row.configVersion,
  };
}

function rulesThatActed(receipt: Receipt, stored: unknown): string[] {
  const nameOf = (id: string) =>
    receipt.candidates.find(({ connectionId }) => connectionId === id)?.provider ?? "a removed connection";
  const sentences = ruleSentences(storedRules(stored), nameOf);
  return receipt.rules.map(({ kind, position, connectionId, isPassedOver }) => {
    const known = sentences.find((one) => one.kind === kind && one.position === position);
    const text = known?.text ?? `${kind} ${position}, about ${nameOf(connectionId)}`;
    return isPassedOver ? `${text} (passed over: it could not serve)` : text;
  });
}

function drawView(one: ReturnType<typeof inOrder>[number]): DrawView {
  return {
    provider: one.provider,
    rank: one.rank === null ? "–" : String(one.rank),
    alpha: one.alpha.toFixed(2),
    beta: one.beta.toFixed(2),
    mean: percentText(one.alpha / (one.alpha + one.beta), 1),
    z: one.z.toFixed(3),
    theta: percentText(one.theta, 1),
    finish: percentText(one.completionDrawn ?? one.completion, 1),
    fee: percentText(one.feeShare),
    utility: one.utility.toFixed(4),
  };
}
