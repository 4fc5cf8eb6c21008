import { Badge } from "~/components/ui/badge";
import { Card, CardBody, CardHeader } from "~/components/ui/card";
import { cn } from "~/components/ui/cn";
import { CodeBlock } from "~/components/ui/code-block";
import { DescriptionList } from "~/components/ui/description-list";
import { CircleCheck, CircleX } from "~/components/ui/icons";
import { ScrollRegion } from "~/components/ui/scroll-region";
import { Time } from "~/components/ui/time";
import { CandidatesTable } from "./candidates-table";
import type { DecisionView, DrawView } from "./decision.presenter.server";
import type { Contribution } from "./explain";

type Receipt = NonNullable<DecisionView["receipt"]>;

const head = "pb-2 pr-4 text-sm font-medium whitespace-nowrap text-text-3 last:pr-0";
const cell = "border-t border-border py-2 pr-4 whitespace-nowrap last:pr-0";

/** The receipt in words, in figures, and as it is stored. */
export function ReceiptCards({ view, receipt }: { view: DecisionView; receipt: Receipt }) {
  const { explanation } = receipt;
  return (
    <div className="grid gap-4">
      <div className="grid items-start gap-4 xl:grid-cols-[minmax(0,1fr)_320px]">
        <Card>
          <CardHeader title="Why" actions={<Recomputed isSame={receipt.isReproducible} />} />
          <CardBody>
            <p className="max-w-[80ch] text-md">{explanation.sentence}</p>
            {explanation.contributions.length > 0 ? <Contributions rows={explanation.contributions} /> : null}
            {explanation.exclusions.length > 0 ? (
              <ul className="mt-3 grid gap-1 text-text-2">
                {explanation.exclusions.map((sentence) => (
                  <li key={sentence}>{sentence}</li>
                ))}
              </ul>
            ) : null}
          </CardBody>
        </Card>
        <ConfigCard view={view} receipt={receipt} />
      </div>
      <Card>
        <CardHeader title="Candidates" note="in the order in which they were to be tried" />
        <CardBody>
          <CandidatesTable rows={receipt.candidates} />
          <p className="mt-2 text-sm text-text-3">
            Score = 100 × available × success × cost × speed. Sample: outcomes behind the estimate, older ones
            counting less. Newest: age of the newest of them when this was decided.
          </p>
        </CardBody>
      </Card>
      <Card>
        <CardHeader title="What the order was made from" />
        <CardBody>
          <Draws rows={receipt.draws} />
          <p className="mt-2 max-w-[100ch] text-sm text-text-3">
            θ = logistic(ln(α ÷ β) + {receipt.temperature} · z · √(1 ÷ α + 1 ÷ β)): the chance of payment as
            drawn from what is known, with z from a hash of session, connection and configuration. Finish: the
            share of customers who do not leave, drawn likewise. Utility = θ × finish × (margin − fee)
            <sup>cost weight</sup> × speed<sup>speed weight</sup>; the highest is tried first, unless a rule
            or its turn puts another before it.
          </p>
        </CardBody>
      </Card>
      <Card>
        <CardHeader title="Raw receipt" />
        <CardBody>
          <details>
            <summary className="w-fit text-text-2">Show as JSON</summary>
            <CodeBlock title="Receipt" code={receipt.json} className="mt-2" />
          </details>
        </CardBody>
      </Card>
    </div>
  );
}

function Recomputed({ isSame }: { isSame: boolean }) {
  return isSame ? (
    <Badge tone="success" icon={<CircleCheck />} className="h-auto py-0.5 whitespace-normal">
      Recomputed now from the receipt: same order and scores
    </Badge>
  ) : (
    <Badge tone="danger" icon={<CircleX />} className="h-auto py-0.5 whitespace-normal">
      Recomputed now from the receipt: something differs
    </Badge>
  );
}

/** By how much each factor moved the winner ahead of the next: they multiply to its lead. */
function Contributions({ rows }: { rows: readonly Contribution[] }) {
  return (
    <table className="mt-3">
      <caption className="pb-1 text-left text-sm text-text-3">
        What each factor did for the winner, against the next
      </caption>
      <tbody>
        {rows.map(({ name, share, figures }) => (
          <tr key={name}>
            <th scope="row" className="py-0.5 pr-6 text-left font-normal">
              {name}
            </th>
            <td
              className={cn(
                "py-0.5 pr-6 text-right font-bold whitespace-nowrap",
                share > 0.00005 ? "text-success" : share < -0.00005 ? "text-danger" : "text-text-3",
              )}
            >
              {share > 0.00005 ? "+" : share < -0.00005 ? "−" : ""}
              {(Math.abs(share) * 100).toFixed(2)}%
            </td>
            <td className="py-0.5 text-text-2">{figures}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function ConfigCard({ view, receipt }: { view: DecisionView; receipt: Receipt }) {
  const { weights } = receipt;
  return (
    <Card>
      <CardHeader title="Decided by" />
      <CardBody>
        <DescriptionList
          items={[
            {
              term: "Configuration",
              description: view.config ? (
                <>
                  {view.config.version}
                  {view.config.note ? `, “${view.config.note}”` : null}
                </>
              ) : (
                "The defaults"
              ),
            },
            ...(view.config
              ? [
                  {
                    term: "In force since",
                    description: (
                      <>
                        <Time iso={view.config.at} show="absolute" />
                        {view.config.author ? `, by ${view.config.author}` : null}
                      </>
                    ),
                  },
                ]
              : []),
            {
              term: "Rules",
              description:
                receipt.rules.length === 0 ? (
                  "None of yours acted"
                ) : (
                  <ul className="grid gap-1">
                    {receipt.rules.map((rule) => (
                      <li key={rule}>{rule}</li>
                    ))}
                  </ul>
                ),
            },
            { term: "Cost weight", description: String(weights.cost) },
            { term: "Speed weight", description: String(weights.speed) },
            { term: "Margin", description: String(weights.margin) },
            { term: "Seed", description: <code className="text-sm break-all">{receipt.seed}</code> },
          ]}
        />
      </CardBody>
    </Card>
  );
}

function Draws({ rows }: { rows: readonly DrawView[] }) {
  const figures = (row: DrawView) => [
    ["α", row.alpha],
    ["β", row.beta],
    ["α ÷ (α + β)", row.mean],
    ["z", row.z],
    ["θ", row.theta],
    ["Finish", row.finish],
    ["Fee", row.fee],
    ["Utility", row.utility],
  ];
  const [first] = rows;
  return (
    <ScrollRegion label="What the order was made from">
      <table className="w-full">
        <caption className="sr-only">Posterior, draw, fee and utility of each candidate</caption>
        <thead>
          <tr>
            <th scope="col" className={cn(head, "text-left")}>
              #
            </th>
            <th scope="col" className={cn(head, "text-left")}>
              Provider
            </th>
            {first
              ? figures(first).map(([name]) => (
                  <th key={name} scope="col" className={cn(head, "text-right")}>
                    {name}
                  </th>
                ))
              : null}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={`${row.rank}${row.provider}`}>
              <td className={cn(cell, "text-text-3")}>{row.rank}</td>
              <th scope="row" className={cn(cell, "text-left font-normal")}>
                {row.provider}
              </th>
              {figures(row).map(([name, value]) => (
                <td key={name} className={cn(cell, "text-right")}>
                  {value}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollRegion>
  );
}
