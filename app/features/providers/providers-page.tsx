import type { SubmissionResult } from "@conform-to/react";
import { Form } from "@remix-run/react";
import { Plug } from "lucide-react";
import { PageConfirm } from "~/components/form/page-dialog";
import { HiddenFields, SubmitButton } from "~/components/form/submit-button";
import { ButtonLink } from "~/components/ui/button";
import { Callout } from "~/components/ui/callout";
import { Card } from "~/components/ui/card";
import { EmptyState } from "~/components/ui/empty-state";
import { PageHeader } from "~/components/ui/page-header";
import { methodName } from "~/features/sessions/method";
import { ConnectionCard } from "./connection-card";
import { providerName } from "./provider-names";
import type { ConnectionView } from "./providers.presenter.server";

export type ProvidersPageProps = {
  connections: ConnectionView[];
  applicationName: string;
  mode: "test" | "live";
  mayWrite: boolean;
  /** The connection that `?pause=` asks about. */
  pausing: ConnectionView | null;
  path: string;
  testPath: string;
  result: { id?: string; reply?: SubmissionResult<string[]>; problem?: string };
};

/** What no connection can take while `pausing` is paused, in words. */
function pauseConsequence(pausing: ConnectionView, connections: ConnectionView[]): string {
  const others = connections.filter((other) => other.id !== pausing.id && other.isActive);
  const lost = pausing.paymentMethods.flatMap((method) => {
    const left = new Set(
      others.filter((other) => other.paymentMethods.includes(method)).flatMap((other) => other.currencies),
    );
    const gone = pausing.currencies.filter((currency) => !left.has(currency));
    return gone.length === 0 ? [] : [`${methodName(method)} in ${gone.join(", ")}`];
  });
  if (lost.length === 0)
    return "The other active connections take the same payment methods and currencies, so they take over.";
  return `No other active connection takes ${lost.join("; ")}: new payment sessions for these will be refused.`;
}

/** The provider connections of one application and mode. */
export function ProvidersPage(props: ProvidersPageProps) {
  const { connections, applicationName, mode, mayWrite, pausing, path, testPath, result } = props;
  return (
    <>
      <PageHeader
        title="Providers"
        description={
          mode === "test"
            ? `Connections of ${applicationName} in test mode, played by the simulator as set below.`
            : `Connections of ${applicationName} in live mode: where its payments can go.`
        }
      />
      {result.problem ? (
        <Callout tone="danger" role="alert" className="mb-4">
          {result.problem}
        </Callout>
      ) : null}
      {connections.some((connection) => !connection.hasAdapter) ? (
        <Callout tone="warning" className="mb-4" title="Not every connection can be used">
          <p>
            Adapters for real providers are not part of this version: it takes test payments only, through the
            simulator. A connection without an adapter gets no new payment sessions.
          </p>
        </Callout>
      ) : null}
      {connections.length === 0 ? (
        <Card>
          {mode === "live" ? (
            <EmptyState
              icon={<Plug />}
              title="No live connections yet"
              action={<ButtonLink to={testPath}>See the test connections</ButtonLink>}
            >
              Adapters for real providers are not part of this version: it takes test payments only, through
              the simulator. A live key is answered, but creating a live payment session finds no provider.
            </EmptyState>
          ) : (
            <EmptyState icon={<Plug />} title="No test connections">
              Every new application comes with simulated ones; those of this application were removed.
            </EmptyState>
          )}
        </Card>
      ) : (
        <div className="grid gap-4">
          {connections.map((connection) => (
            <ConnectionCard
              key={connection.id}
              connection={connection}
              mayWrite={mayWrite}
              pauseTo={`${path}?pause=${connection.id}`}
              reply={result.id === connection.id ? result.reply : undefined}
            />
          ))}
        </div>
      )}
      {pausing ? (
        <PageConfirm
          title={`Pause ${providerName(pausing.provider)}?`}
          description={
            <>
              <p>
                Routing passes a paused connection over: it gets no new payment sessions until you resume it.
              </p>
              <p className="mt-2">{pauseConsequence(pausing, connections)}</p>
              <p className="mt-2">Customers who are already paying there are not affected.</p>
            </>
          }
          closeTo={path}
          submit={
            <SubmitButton
              form="pause-connection"
              variant="danger"
              match={{ intent: "pause", id: pausing.id }}
            >
              Pause connection
            </SubmitButton>
          }
        >
          <Form method="post" action={path} id="pause-connection" preventScrollReset>
            <HiddenFields values={{ intent: "pause", id: pausing.id }} />
          </Form>
        </PageConfirm>
      ) : null}
    </>
  );
}
