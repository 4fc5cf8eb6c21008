import type { SubmissionResult } from "@conform-to/react";
import { Form } from "@remix-run/react";
import type { ReactNode } from "react";
import { HiddenFields, SubmitButton } from "~/components/form/submit-button";
import { Badge } from "~/components/ui/badge";
import { ButtonLink } from "~/components/ui/button";
import { Card, CardBody, CardHeader } from "~/components/ui/card";
import { CopyableId } from "~/components/ui/copyable-id";
import { formatCount } from "~/components/ui/format";
import { CircleCheck, CirclePause, FlaskConical, TriangleAlert } from "~/components/ui/icons";
import { Time } from "~/components/ui/time";
import { methodName } from "~/features/sessions/method";
import { providerName, testWords } from "./provider-names";
import type { ConnectionView } from "./providers.presenter.server";
import { SimulatorControls } from "./simulator-controls";

export type ConnectionCardProps = {
  connection: ConnectionView;
  mayWrite: boolean;
  /** Opens the question before a pause. */
  pauseTo: string;
  /** Opens the form of what it takes and costs. */
  editTo: string;
  /** Opens the form for new credentials; null where there is none to fill in. */
  credentialsTo: string | null;
  reply: SubmissionResult<string[]> | undefined;
};

function StateBadge({ connection }: { connection: ConnectionView }) {
  if (!connection.isActive) {
    return (
      <Badge tone="neutral" icon={<CirclePause />}>
        Paused
      </Badge>
    );
  }
  if (!connection.hasAdapter) {
    return (
      <Badge tone="warning" icon={<TriangleAlert />}>
        Not available on this server
      </Badge>
    );
  }
  if (connection.downSince) {
    return (
      <Badge tone="danger" icon={<TriangleAlert />}>
        Down since <Time iso={connection.downSince} />
      </Badge>
    );
  }
  return (
    <Badge tone="success" icon={<CircleCheck />}>
      Active
    </Badge>
  );
}

function Fact({ term, children }: { term: string; children: ReactNode }) {
  return (
    <div className="min-w-0">
      <dt className="text-sm text-text-3">{term}</dt>
      <dd className="break-words">{children}</dd>
    </div>
  );
}

/** `1.75 % + AUD 0.3`; a share of nothing and a fee of nothing are left out. */
function feeWords({ percent, fixed, currency }: ConnectionView["fees"][number]): string {
  const parts = [
    Number(percent) === 0 ? null : `${percent} %`,
    Number(fixed) === 0 ? null : `${currency} ${fixed}`,
  ];
  return parts.filter((part) => part !== null).join(" + ") || "free";
}

function Fees({ fees }: { fees: ConnectionView["fees"] }) {
  if (fees.length === 0) return <>None set: routing counts it as free</>;
  return (
    <details>
      <summary>
        {fees[0] ? `${fees[0].currency}: ${feeWords(fees[0])}` : null}
        {fees.length > 1 ? <span className="text-text-3">{`, and ${fees.length - 1} more`}</span> : null}
      </summary>
      <table className="mt-2 text-sm">
        <caption className="sr-only">Fees by currency</caption>
        <tbody>
          {fees.map((fee) => (
            <tr key={fee.currency}>
              <th scope="row" className="pr-4 text-left font-normal text-text-3">
                {fee.currency}
              </th>
              <td>{feeWords(fee)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  );
}

/** Asks the provider whether it lets the credentials in; a simulated one answers as its controls say. */
function TestButton({ id, name }: { id: string; name: string }) {
  const match = { intent: "test", id };
  return (
    <Form method="post" preventScrollReset>
      <HiddenFields values={match} />
      <SubmitButton size="sm" match={match} aria-label={`Test the connection to ${name}`}>
        Test connection
      </SubmitButton>
    </Form>
  );
}

/** One connection: what it can do, what it costs, how it is, and its switches. */
export function ConnectionCard(props: ConnectionCardProps) {
  const { connection, mayWrite, pauseTo, editTo, credentialsTo, reply } = props;
  const name = providerName(connection.provider);
  const { attempts, accepted } = connection.lastDay;
  const match = { intent: "resume", id: connection.id };
  return (
    <Card>
      <CardHeader
        title={
          <span className="flex flex-wrap items-center gap-2 text-md">
            {name}
            <StateBadge connection={connection} />
            {connection.simulator ? (
              <Badge tone="outline" icon={<FlaskConical />}>
                Played by the simulator
              </Badge>
            ) : null}
          </span>
        }
        actions={
          !mayWrite ? null : (
            <div className="flex flex-wrap justify-end gap-2">
              {connection.hasAdapter ? <TestButton id={connection.id} name={name} /> : null}
              <ButtonLink
                to={editTo}
                size="sm"
                prefetch="none"
                preventScrollReset
                aria-label={`Edit ${name}`}
              >
                Edit
              </ButtonLink>
              {credentialsTo ? (
                <ButtonLink
                  to={credentialsTo}
                  size="sm"
                  prefetch="none"
                  preventScrollReset
                  aria-label={`Change the credentials of ${name}`}
                >
                  Credentials
                </ButtonLink>
              ) : null}
              {connection.isActive ? (
                <ButtonLink
                  to={pauseTo}
                  size="sm"
                  prefetch="none"
                  preventScrollReset
                  aria-label={`Pause ${name}`}
                >
                  Pause
                </ButtonLink>
              ) : (
                <Form method="post" preventScrollReset>
                  <HiddenFields values={match} />
                  <SubmitButton size="sm" match={match} aria-label={`Resume ${name}`}>
                    Resume
                  </SubmitButton>
                </Form>
              )}
            </div>
          )
        }
      />
      <CardBody className="grid gap-4">
        <dl className="grid grid-cols-2 gap-x-6 gap-y-3 xl:grid-cols-4">
          <Fact term="Payment methods">{connection.paymentMethods.map(methodName).join(", ")}</Fact>
          <Fact term={`Currencies (${connection.currencies.length})`}>
            {connection.currencies.join(", ")}
          </Fact>
          <Fact term="Countries">
            {connection.countries.length === 0 ? "Every country" : connection.countries.join(", ")}
          </Fact>
          <Fact term="Fees">
            <Fees fees={connection.fees} />
          </Fact>
          {connection.priority === null ? null : <Fact term="Priority">{connection.priority}</Fact>}
          <Fact term="Credentials">
            {connection.credentialsFingerprint ? (
              <code title="A fingerprint: it tells two sets of credentials apart">
                {connection.credentialsFingerprint}
              </code>
            ) : (
              "None needed: simulated"
            )}
          </Fact>
          <Fact term="Attempts, last 24 hours">
            {attempts === 0
              ? "None"
              : `${formatCount(attempts)}, of which ${formatCount(accepted)} made a checkout`}
          </Fact>
          <Fact term="Median time to a checkout">
            {connection.medianLatencyMs === null
              ? "Not known yet"
              : `${formatCount(Math.round(connection.medianLatencyMs))} ms`}
          </Fact>
          <Fact term="Connected">
            <Time iso={connection.createdAt} />
          </Fact>
          {connection.lastTest ? (
            <Fact term="Last test">
              {testWords[connection.lastTest.status]}, <Time iso={connection.lastTest.at} />
            </Fact>
          ) : null}
          {connection.webhookUrl ? (
            <div className="col-span-2 min-w-0 xl:col-span-4">
              <dt className="text-sm text-text-3">Webhook address, for {name}&apos;s dashboard</dt>
              <dd>
                <CopyableId id={connection.webhookUrl} what="webhook address" full />
              </dd>
            </div>
          ) : null}
        </dl>
        {connection.simulator ? (
          <SimulatorControls
            connection={connection}
            settings={connection.simulator}
            mayWrite={mayWrite}
            reply={reply}
          />
        ) : null}
      </CardBody>
    </Card>
  );
}
