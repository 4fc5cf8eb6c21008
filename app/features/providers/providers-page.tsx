import type { SubmissionResult } from "@conform-to/react";
import { Form } from "@remix-run/react";
import { PageConfirm } from "~/components/form/page-dialog";
import { HiddenFields, SubmitButton } from "~/components/form/submit-button";
import { ButtonLink } from "~/components/ui/button";
import { Callout } from "~/components/ui/callout";
import { Card } from "~/components/ui/card";
import { EmptyState } from "~/components/ui/empty-state";
import { Plug } from "~/components/ui/icons";
import { PageHeader } from "~/components/ui/page-header";
import { methodName } from "~/features/sessions/method";
import { ChooseDialog, ConnectDialog, CredentialsDialog, EditDialog } from "./connect-dialogs";
import { ConnectionCard } from "./connection-card";
import { providerName } from "./provider-names";
import type { ConnectionView, ProviderForm } from "./providers.presenter.server";

export type ProvidersPageProps = {
  connections: ConnectionView[];
  applicationName: string;
  mode: "test" | "live";
  mayWrite: boolean;
  /** The connection that `?pause=` asks about. */
  pausing: ConnectionView | null;
  /** The providers that can be connected in this mode. */
  forms: ProviderForm[];
  /** `?connect`: which provider's form is open, or the choice of one; null when neither is. */
  connecting: ProviderForm | "choose" | null;
  /** `?credentials=`: the connection that gets new ones. */
  changing: { connection: ConnectionView; form: ProviderForm } | null;
  /** `?edit=`: the connection whose terms are changed. */
  editing: ConnectionView | null;
  path: string;
  testPath: string;
  /** `form` and `id`: which form of which connection was refused; of a new connection neither. */
  result: {
    /** What is wrong with the proof of who it is. */
    proof?: string[];
    form?: "edit" | "credentials" | "simulate";
    id?: string;
    reply?: SubmissionResult<string[]>;
    problem?: string;
  };
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
  const { forms, connecting, changing, editing } = props;
  const replyTo = (form: typeof result.form, { id }: ConnectionView) =>
    result.form === form && result.id === id ? result.reply : undefined;
  const connectButton =
    mayWrite && forms.length > 0 ? (
      <ButtonLink to={`${path}?connect`} variant="primary" prefetch="none" preventScrollReset>
        <Plug />
        Connect a provider
      </ButtonLink>
    ) : null;
  return (
    <>
      <PageHeader
        title="Providers"
        description={
          mode === "test"
            ? `Connections of ${applicationName} in test mode. Those without credentials are played by the simulator.`
            : `Connections of ${applicationName} in live mode: where its payments can go.`
        }
        actions={connections.length === 0 ? null : connectButton}
      />
      {result.problem ? (
        <Callout tone="danger" role="alert" className="mb-4">
          {result.problem}
        </Callout>
      ) : null}
      {connections.some((connection) => !connection.hasAdapter) ? (
        <Callout tone="warning" className="mb-4" title="Not every connection can be used">
          <p>
            This server does not know where a provider's {mode} API is. Its operator can say so in the
            environment; until then the connection gets no new payment sessions.
          </p>
        </Callout>
      ) : null}
      {connections.length === 0 ? (
        <Card>
          {mode === "live" ? (
            <EmptyState
              icon={<Plug />}
              title="No live connections yet"
              action={connectButton ?? <ButtonLink to={testPath}>See the test connections</ButtonLink>}
            >
              Connect a provider with the credentials of your account there. Until then a live key is
              answered, but creating a live payment session finds no provider.
            </EmptyState>
          ) : (
            <EmptyState icon={<Plug />} title="No test connections" action={connectButton}>
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
              editTo={`${path}?edit=${connection.id}`}
              credentialsTo={
                connection.simulator === null &&
                forms.some(({ provider }) => provider === connection.provider)
                  ? `${path}?credentials=${connection.id}`
                  : null
              }
              reply={replyTo("simulate", connection)}
            />
          ))}
        </div>
      )}
      {connecting === "choose" ? <ChooseDialog forms={forms} path={path} /> : null}
      {connecting !== null && connecting !== "choose" ? (
        <ConnectDialog
          form={connecting}
          mode={mode}
          closeTo={path}
          reply={result.form ? undefined : result.reply}
        />
      ) : null}
      {changing ? (
        <CredentialsDialog
          form={changing.form}
          connectionId={changing.connection.id}
          closeTo={path}
          reply={replyTo("credentials", changing.connection)}
        />
      ) : null}
      {editing ? <EditDialog connection={editing} closeTo={path} reply={replyTo("edit", editing)} /> : null}
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
