import type { SubmissionResult } from "@conform-to/react";
import { DataTable, type DataTableColumn } from "~/components/data-table/data-table";
import { Pager } from "~/components/data-table/pager";
import { laterDialog } from "~/components/form/later-dialog";
import { AlreadyShown } from "~/components/form/show-once";
import { ButtonLink } from "~/components/ui/button";
import { Callout } from "~/components/ui/callout";
import { Card } from "~/components/ui/card";
import { EmptyState } from "~/components/ui/empty-state";
import { Plus, Webhook } from "~/components/ui/icons";
import { PageHeader } from "~/components/ui/page-header";
import { Time } from "~/components/ui/time";
import type { Page } from "~/contracts/common";
import { type MadeSecret, SecretDialog } from "./secret-dialog";
import { DeliveryStatusBadge, EndpointStateBadge } from "./webhook-badges";
import type { EndpointRow } from "./webhooks.presenter.server";

const EndpointDialog = laterDialog(() => import("./endpoint-dialog").then((all) => all.EndpointDialog));

export type WebhooksPageProps = {
  page: Page<EndpointRow>;
  application: { name: string; isArchived: boolean };
  mode: "test" | "live";
  mayWrite: boolean;
  allowsLocal: boolean;
  isCreating: boolean;
  formId: string;
  path: string;
  result: {
    /** What is wrong with the proof of who it is. */
    proof?: string[];
    made?: MadeSecret;
    alreadyCreated?: boolean;
    reply?: SubmissionResult<string[]>;
    problem?: string;
  };
};

const columns: DataTableColumn<EndpointRow>[] = [
  { id: "state", header: "State", card: "title", cell: (row) => <EndpointStateBadge state={row.state} /> },
  {
    id: "url",
    header: "URL",
    card: "meta",
    // A line of its own on a card.
    className: "max-sm:basis-full",
    cell: (row) => (
      <code title={row.url} className="block max-w-[56ch] truncate max-sm:max-w-full max-sm:text-base">
        {row.url}
      </code>
    ),
  },
  {
    id: "events",
    header: "Events",
    card: "line",
    cell: (row) => (
      <span title={row.subscribedEvents.join(", ")}>
        {row.subscribedEvents.map((type) => type.replace("session.", "")).join(", ")}
      </span>
    ),
  },
  { id: "secret", header: "Secret", card: "none", cell: (row) => <code>{row.keyFingerprint}</code> },
  {
    id: "lastDelivery",
    header: "Last delivery",
    card: "line",
    cell: (row) =>
      row.lastDelivery ? (
        <span className="inline-flex items-center gap-2">
          <DeliveryStatusBadge status={row.lastDelivery.status} />
          <Time iso={row.lastDelivery.createdAt} className="text-text-2" />
        </span>
      ) : (
        <span className="text-text-3">None yet</span>
      ),
  },
  {
    id: "created",
    header: "Created",
    card: "amount",
    className: "max-sm:text-sm! max-sm:font-normal!",
    quiet: true,
    cell: (row) => <Time iso={row.createdAt} />,
  },
];

/** The webhook endpoints of one application and mode. */
export function WebhooksPage(props: WebhooksPageProps) {
  const { page, application, mode, mayWrite, allowsLocal, isCreating, formId, path, result } = props;
  const canCreate = mayWrite && !application.isArchived;
  const create = canCreate ? (
    <ButtonLink to={`${path}?new=1`} preventScrollReset variant="primary">
      <Plus />
      Add endpoint
    </ButtonLink>
  ) : null;
  return (
    <>
      <PageHeader
        title="Webhooks"
        description={`Where Kadosei tells your server what becomes of the payment sessions of ${application.name} in ${mode} mode.`}
        actions={page.totalItems > 0 ? create : null}
      />
      {result.made ? <SecretDialog made={result.made} closeTo={path} /> : null}
      {result.alreadyCreated ? (
        <AlreadyShown>
          It added an endpoint the first time, and no second one now. Its secret cannot be shown again: if you
          did not store it, open the endpoint and roll the secret.
        </AlreadyShown>
      ) : null}
      {result.problem ? (
        <Callout tone="danger" role="alert" className="mb-4">
          {result.problem}
        </Callout>
      ) : null}
      {isCreating && canCreate && !result.made && !result.alreadyCreated ? (
        <EndpointDialog
          title={`Add a ${mode} endpoint`}
          description={`It gets the ${mode} events of ${application.name} only. Its signing secret is shown once, next.`}
          closeTo={path}
          hidden={{ intent: "create", formId }}
          submitLabel="Add endpoint"
          makesSecret
          mode={mode}
          allowsLocal={allowsLocal}
          lastResult={result.reply}
        />
      ) : null}
      <Card>
        <DataTable
          caption="Webhook endpoints, newest first"
          columns={columns}
          rows={page.items}
          rowId={(row) => row.id}
          rowHref={(row) => `${path}/${row.id}`}
          rowLabel={(row) => `Open ${row.url}`}
          empty={
            <EmptyState icon={<Webhook />} title={`No ${mode} endpoints yet`} action={create}>
              Add the URL at which your server takes events. It then learns of every paid, failed and expired
              payment session, signed and retried until it answers.
            </EmptyState>
          }
        />
        {page.totalItems > 20 ? (
          <Pager page={page.page} limit={page.limit} totalItems={page.totalItems} />
        ) : null}
      </Card>
    </>
  );
}
