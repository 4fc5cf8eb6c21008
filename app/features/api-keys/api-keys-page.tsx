import type { SubmissionResult } from "@conform-to/react";
import { useSearchParams } from "@remix-run/react";
import { DataTable, type DataTableColumn } from "~/components/data-table/data-table";
import { Pager } from "~/components/data-table/pager";
import { PAGE, withParams } from "~/components/data-table/search-params";
import { laterDialog } from "~/components/form/later-dialog";
import { AlreadyShown } from "~/components/form/show-once";
import { ButtonLink } from "~/components/ui/button";
import { Callout } from "~/components/ui/callout";
import { Card, CardBody, CardHeader } from "~/components/ui/card";
import { cn } from "~/components/ui/cn";
import { CodeBlock } from "~/components/ui/code-block";
import { EmptyState } from "~/components/ui/empty-state";
import { Info, KeyRound, Plus, RotateCcw } from "~/components/ui/icons";
import { PageHeader } from "~/components/ui/page-header";
import { TextLink } from "~/components/ui/text-link";
import { Time } from "~/components/ui/time";
import type { ApiKeyRow, ApiKeysView } from "./api-keys.presenter.server";
import { type CreatedKey, CreatedKeyDialog } from "./created-key-dialog";
import { KeyExpiry, KeyModeBadge } from "./key-state";
import type { TryIt } from "./try-it";

const dialogs = () => import("./api-key-dialogs");
const CreateKeyDialog = laterDialog(() => dialogs().then((all) => all.CreateKeyDialog));
const RollKeyDialog = laterDialog(() => dialogs().then((all) => all.RollKeyDialog));
const RevokeKeyDialog = laterDialog(() => dialogs().then((all) => all.RevokeKeyDialog));

export type ApiKeysPageProps = {
  view: ApiKeysView;
  /** A command that uses a key of the page; null while none works. */
  tryIt: TryIt | null;
  application: { name: string };
  mode: "test" | "live";
  mayWrite: boolean;
  /** The dialog that the URL opens. */
  open: "new" | "roll" | "revoke" | null;
  formId: string;
  result: {
    /** What is wrong with the proof of who it is. */
    proof?: string[];
    created?: CreatedKey;
    /** The same form was sent before. */
    alreadyCreated?: boolean;
    reply?: SubmissionResult<string[]>;
    problem?: string;
  };
};

const isOver = ({ state }: ApiKeyRow) => state === "revoked" || state === "expired" || state === "archived";
const mayRoll = (row: ApiKeyRow) => row.state === "working" || row.state === "expiring";

function columns(
  mayWrite: boolean,
  href: (name: string, id: string) => string,
): DataTableColumn<ApiKeyRow>[] {
  const list: DataTableColumn<ApiKeyRow>[] = [
    {
      id: "description",
      header: "Description",
      card: "title",
      cell: (row) => (
        <span
          title={row.description}
          className={cn("block max-w-[32ch] truncate font-bold", isOver(row) && "font-normal text-text-2")}
        >
          {row.description}
        </span>
      ),
    },
    {
      id: "prefix",
      header: "Prefix",
      card: "amount",
      cell: (row) => <code className="font-normal">{row.keyPrefix}…</code>,
    },
    { id: "mode", header: "Mode", card: "meta", cell: (row) => <KeyModeBadge mode={row.mode} /> },
    {
      id: "lastUsed",
      header: "Last used",
      card: "when",
      cell: (row) => (
        <span className="block py-2 max-sm:py-0">
          {row.lastUsedAt ? <Time iso={row.lastUsedAt} /> : <span className="text-text-3">Not used yet</span>}
          {row.lastUsedIp ? <span className="block text-sm text-text-3">from {row.lastUsedIp}</span> : null}
        </span>
      ),
    },
    {
      id: "created",
      header: "Created",
      card: "reason",
      cell: (row) => (
        <span className="block py-2 max-sm:py-0">
          <span className="sm:hidden">Created </span>
          <Time iso={row.createdAt} />
          {row.createdBy ? (
            <span className="block text-sm text-text-3 max-sm:inline"> by {row.createdBy}</span>
          ) : null}
        </span>
      ),
    },
    {
      id: "expiry",
      header: "State and expiry",
      card: "reason",
      cell: (row) => (
        <span className="block py-2 max-sm:py-0">
          <KeyExpiry row={row} />
        </span>
      ),
    },
  ];
  if (!mayWrite) return list;
  return [
    ...list,
    {
      id: "actions",
      header: <span className="sr-only">Actions</span>,
      align: "right",
      card: "actions",
      cell: (row) =>
        isOver(row) ? (
          <span className="text-sm text-text-3">No actions</span>
        ) : (
          <span className="inline-flex gap-2">
            {mayRoll(row) ? (
              <ButtonLink
                to={href("roll", row.id)}
                prefetch="none"
                preventScrollReset
                size="sm"
                aria-label={`Roll ${row.description}`}
              >
                <RotateCcw />
                Roll
              </ButtonLink>
            ) : null}
            <ButtonLink
              to={href("revoke", row.id)}
              prefetch="none"
              preventScrollReset
              size="sm"
              variant="danger-quiet"
              aria-label={`Revoke ${row.description}`}
            >
              Revoke
            </ButtonLink>
          </span>
        ),
    },
  ];
}

/** The keys of one application and mode, and the dialogs that make and end them. */
export function ApiKeysPage(props: ApiKeysPageProps) {
  const { view, tryIt, application, mode, mayWrite, open, formId, result } = props;
  const [params] = useSearchParams();
  const without = { new: null, roll: null, revoke: null };
  const closeTo = withParams(params, without);
  const href = (name: string, id: string) => withParams(params, { ...without, [name]: id });
  const { page, chosen } = view;
  const create = mayWrite ? (
    <ButtonLink to={href("new", "1")} preventScrollReset variant="primary">
      <Plus />
      Create key
    </ButtonLink>
  ) : null;

  const isShown = result.created !== undefined || result.alreadyCreated === true;
  const asksRoll = open === "roll" && mayWrite && !isShown && chosen !== null && mayRoll(chosen);
  const asksRevoke = open === "revoke" && mayWrite && chosen !== null && !isOver(chosen);

  return (
    <>
      <PageHeader
        title="API keys"
        description={`Keys of ${application.name} in ${mode} mode. A key’s prefix says its mode; the rest is shown once, when it is made.`}
        actions={page.totalItems > 0 ? create : null}
      />
      {result.created ? (
        <CreatedKeyDialog
          created={result.created}
          closeTo={withParams(params, { ...without, [PAGE]: null })}
        />
      ) : null}
      {result.alreadyCreated ? (
        <AlreadyShown>
          It created a key the first time, and no second one now. That key cannot be shown again: if you did
          not store it, revoke it and create another.
        </AlreadyShown>
      ) : null}
      {result.problem && !asksRoll && !asksRevoke ? (
        <Callout tone="danger" role="alert" className="mb-4">
          {result.problem}
        </Callout>
      ) : null}
      {open === "new" && mayWrite && !isShown ? (
        <CreateKeyDialog
          mode={mode}
          applicationName={application.name}
          formId={formId}
          closeTo={closeTo}
          lastResult={result.reply}
        />
      ) : null}
      {asksRoll ? <RollKeyDialog row={chosen} closeTo={closeTo} problem={result.problem ?? null} /> : null}
      {asksRevoke ? (
        <RevokeKeyDialog
          row={chosen}
          closeTo={closeTo}
          problem={result.problem ?? null}
          applicationName={application.name}
        />
      ) : null}
      <Card>
        <DataTable
          caption="API keys, newest first"
          columns={columns(mayWrite, href)}
          rows={page.items}
          rowId={(row) => row.id}
          empty={
            <EmptyState
              icon={<KeyRound />}
              title={page.totalItems > 0 ? "Nothing on this page" : `No ${mode} keys yet`}
              action={
                page.totalItems > 0 ? (
                  <ButtonLink to={withParams(params, { [PAGE]: null })}>First page</ButtonLink>
                ) : (
                  create
                )
              }
            >
              {page.totalItems > 0
                ? "The list is shorter than that."
                : "Your server sends a key with every call. Create one, and you get a command that uses it at once."}
            </EmptyState>
          }
        />
        {page.totalItems > 20 ? (
          <Pager page={page.page} limit={page.limit} totalItems={page.totalItems} />
        ) : null}
      </Card>
      {mayWrite && page.totalItems > 0 ? (
        <p className="mt-3 flex gap-2 text-sm text-text-3">
          <Info className="mt-px size-3.5" />
          Revoking says when the key was last used and asks once. Rolling makes a new key and keeps the old
          one alive for a grace period of up to 7 days.
        </p>
      ) : null}
      {tryIt ? (
        <Card className="mt-4">
          <CardHeader title="Make a call" note="in a shell, with the key you stored" />
          <CardBody>
            <CodeBlock code={tryIt.code} title={tryIt.title} note={tryIt.note} />
            <p className="mt-2 text-text-2">
              Every call, with samples in five languages and a form to send it, is in the{" "}
              <TextLink inline to="/docs/api/createSession">
                API reference
              </TextLink>
              .
            </p>
          </CardBody>
        </Card>
      ) : null}
    </>
  );
}
