import { Form, useRevalidator } from "@remix-run/react";
import { type ReactNode, useEffect } from "react";
import { HiddenFields, SubmitButton } from "~/components/form/submit-button";
import { Badge, type BadgeTone } from "~/components/ui/badge";
import { Callout } from "~/components/ui/callout";
import { Card, CardBody, CardHeader } from "~/components/ui/card";
import { CodeBlock } from "~/components/ui/code-block";
import { EmptyState } from "~/components/ui/empty-state";
import { formatCount } from "~/components/ui/format";
import { CircleCheck, CircleHelp, CircleX, FlaskConical, TriangleAlert } from "~/components/ui/icons";
import { PageHeader } from "~/components/ui/page-header";
import { ProgressBar } from "~/components/ui/progress-bar";
import { TextLink } from "~/components/ui/text-link";
import { Time } from "~/components/ui/time";
import type { DrillCall, DrillKind, DrillStep } from "~/contracts/webhook-drill";
import { drillKinds } from "~/contracts/words";
import { headerLines, pretty } from "./delivery-panel";
import type { DrillRow, DrillView } from "./drills.presenter.server";

export type DrillPageProps = {
  endpoint: { id: string; url: string };
  drill: DrillView | null;
  drills: DrillRow[];
  /** The endpoint's page. */
  endpointTo: string;
  /** `/apps/{id}/test/webhooks` */
  mayRun: boolean;
  /** Why the last press on the button did nothing. */
  problem: string | null;
};

const TITLES: Record<DrillKind, string> = {
  valid: "A valid event",
  duplicate: "The same event again",
  reordered: "Events in the wrong order",
  late: "An event of three days ago",
  replayed: "An event that was signed an hour ago",
  bad_signature: "An event that is signed with another secret",
  tampered: "An event that was changed after it was signed",
  oversized: "An event of 1 MiB",
  still_there: "A valid event, after all this",
};

const LOOKS: Record<DrillStep["verdict"], { word: string; tone: BadgeTone; icon: ReactNode }> = {
  pass: { word: "Right", tone: "success", icon: <CircleCheck /> },
  warn: { word: "Better otherwise", tone: "warning", icon: <TriangleAlert /> },
  fail: { word: "Wrong", tone: "danger", icon: <CircleX /> },
  unknown: { word: "Cannot be seen", tone: "outline", icon: <CircleHelp /> },
};

const ASK_EVERY_MS = 1_000;

/** A drill's report, and a new run. */
export function DrillPage(props: DrillPageProps) {
  const { endpoint, drill, drills, endpointTo, mayRun, problem } = props;
  const isRunning = drill?.isRunning ?? false;
  const { revalidate, state } = useRevalidator();
  useEffect(() => {
    if (!isRunning || state !== "idle") return;
    const timer = setTimeout(revalidate, ASK_EVERY_MS);
    return () => clearTimeout(timer);
  }, [isRunning, state, revalidate]);
  const run = (
    <Form method="post" className="max-sm:w-full">
      <HiddenFields values={{ intent: "run" }} />
      <SubmitButton
        variant="primary"
        match={{ intent: "run" }}
        disabled={isRunning}
        className="max-sm:w-full"
      >
        <FlaskConical />
        {drill ? "Run again" : "Run the drill"}
      </SubmitButton>
    </Form>
  );
  return (
    <>
      <PageHeader
        title="Integration drill"
        description={
          <p className="max-w-[80ch]">
            Sends events that are right, repeated, out of order, late, wrongly signed and too big to{" "}
            <code className="wrap-anywhere">{endpoint.url}</code>, and reports how your server took them. The
            payments in them are made up: their order references begin with <code>DRILL-</code>.
          </p>
        }
        actions={mayRun ? run : null}
      />
      {problem ? (
        <Callout tone="danger" role="alert" className="mb-4">
          {problem}
        </Callout>
      ) : null}
      {drill === null ? (
        <Card>
          <EmptyState icon={<FlaskConical />} title="Not run yet">
            {mayRun
              ? "Run it when your server takes events: nine short steps, a minute at the most."
              : "Somebody who may change webhook endpoints can run it."}
          </EmptyState>
        </Card>
      ) : (
        <Report drill={drill} />
      )}
      {drills.length > 1 ? (
        <section aria-labelledby="earlier" className="mt-6">
          <h2 id="earlier" className="mb-2 font-bold">
            Runs
          </h2>
          <ul className="grid gap-1">
            {drills.map((row) => (
              <li key={row.id} className="flex flex-wrap gap-x-3 text-text-2">
                {row.id === drill?.id ? (
                  <b>
                    <Time iso={row.createdAt} show="absolute" />
                  </b>
                ) : (
                  <TextLink to={`${endpointTo}/drill?drill=${row.id}`} preventScrollReset>
                    <Time iso={row.createdAt} show="absolute" />
                  </TextLink>
                )}
                <span>
                  {row.failed} wrong, {row.warned} better otherwise
                </span>
              </li>
            ))}
          </ul>
        </section>
      ) : null}
    </>
  );
}

function Report({ drill }: { drill: DrillView }) {
  const { steps, isRunning } = drill;
  const count = (verdict: DrillStep["verdict"]) => steps.filter((step) => step.verdict === verdict).length;
  const [failed, warned] = [count("fail"), count("warn")];
  return (
    <>
      {isRunning ? (
        <div className="mb-4 grid gap-1.5" role="status">
          <p>
            Running: {steps.length} of {drillKinds.length} steps done.
          </p>
          <ProgressBar
            label="Steps done"
            value={steps.length}
            max={drillKinds.length}
            className="max-w-[640px]"
          />
        </div>
      ) : (
        <Summary failed={failed} warned={warned} drill={drill} />
      )}
      <ol className="grid gap-3">
        {steps.map((step) => (
          <Step key={step.kind} step={step} />
        ))}
      </ol>
    </>
  );
}

function Summary({ failed, warned, drill }: { failed: number; warned: number; drill: DrillView }) {
  const isCutShort = drill.steps.length < drillKinds.length;
  const tone = failed > 0 || isCutShort ? "danger" : warned > 0 ? "warning" : "success";
  const title = isCutShort
    ? "The drill ended early"
    : failed > 0
      ? `${failed} of ${drillKinds.length} steps went wrong`
      : warned > 0
        ? `Nothing went wrong; ${warned} could be better`
        : "Your server took everything as it should";
  return (
    <Callout tone={tone} title={title} className="mb-4">
      <p>
        {isCutShort ? "A server that gives no answer is spared the other steps. " : null}
        Run <Time iso={drill.createdAt} /> against <code className="break-all">{drill.url}</code>.
      </p>
    </Callout>
  );
}

function Step({ step }: { step: DrillStep }) {
  const { word, tone, icon } = LOOKS[step.verdict];
  return (
    <li>
      <Card>
        <CardHeader
          title={
            <span className="flex flex-wrap items-center gap-2">
              {TITLES[step.kind]}
              <Badge tone={tone} icon={icon}>
                {word}
              </Badge>
            </span>
          }
        />
        <CardBody className="grid gap-2">
          <p>{step.finding}</p>
          {step.fix ? (
            <p className="text-text-2">
              <b className="text-text">What to do:</b> <WithCode text={step.fix} />
            </p>
          ) : null}
          <details>
            <summary className="w-fit py-0.5 text-sm text-text-2 hover:text-text">
              {step.calls.length === 1
                ? "Request and response"
                : `${step.calls.length} requests and responses`}
            </summary>
            {step.calls.map((call) => (
              <Call key={`${call.startedAt}${call.requestHeaders["webhook-id"]}`} call={call} />
            ))}
          </details>
        </CardBody>
      </Card>
    </li>
  );
}

/** What stands in backticks as code. */
function WithCode({ text }: { text: string }) {
  // biome-ignore lint/suspicious/noArrayIndexKey: the pieces of one text never move
  return text.split("`").map((piece, index) => (index % 2 === 1 ? <code key={index}>{piece}</code> : piece));
}

function Call({ call }: { call: DrillCall }) {
  const request = [headerLines(call.requestHeaders), pretty(call.requestBody)].join("\n\n");
  const response = [headerLines(call.responseHeaders), call.responseBody].filter(Boolean).join("\n\n");
  return (
    <div className="mt-2 grid gap-3 xl:grid-cols-2">
      <CodeBlock title="Request" note={`${formatCount(call.requestBytes)} bytes`} code={request} wrap />
      {call.status === null ? (
        <p className="self-start rounded-lg bg-danger-bg px-3 py-2.5">{`There was no answer: ${call.error ?? "the reason is not known"}.`}</p>
      ) : (
        <CodeBlock
          title="Response"
          note={`status ${call.status}, ${formatCount(call.durationMs)} ms`}
          code={response || "(empty)"}
          wrap
        />
      )}
    </div>
  );
}
