import { DataTable, type DataTableColumn } from "~/components/data-table/data-table";
import { Breadcrumbs } from "~/components/ui/breadcrumbs";
import { Card, CardBody, CardHeader } from "~/components/ui/card";
import { cn } from "~/components/ui/cn";
import { CopyableId } from "~/components/ui/copyable-id";
import { DescriptionList } from "~/components/ui/description-list";
import { PageHeader } from "~/components/ui/page-header";
import { TextLink } from "~/components/ui/text-link";
import { Time } from "~/components/ui/time";
import type { AuditLineView } from "./audit-log.presenter.server";
import { AuditActor } from "./audit-log-page";
import { actionWords, type Difference, targetWords } from "./audit-words";

function Side({ row, side }: { row: Difference; side: "before" | "after" }) {
  const text = row[side];
  if (text === null) return null;
  return (
    <>
      <span className="sm:hidden">{side === "before" ? "Before " : "After "}</span>
      <code
        className={cn(
          "inline-block max-w-full rounded-sm px-1 py-px whitespace-pre-wrap wrap-anywhere",
          row.before !== row.after &&
            (side === "before" ? "bg-danger-bg text-danger" : "bg-success-bg text-success"),
        )}
      >
        {text}
      </code>
    </>
  );
}

const side = (name: "before" | "after", header: string): DataTableColumn<Difference> => ({
  id: name,
  header,
  card: "reason",
  className: "w-2/5 py-1.5 whitespace-normal",
  cell: (row) => (row[name] === null ? null : <Side row={row} side={name} />),
});

const columns: DataTableColumn<Difference>[] = [
  { id: "name", header: "Field", card: "title", cell: (row) => <code>{row.name}</code> },
  side("before", "Before"),
  side("after", "After"),
];

/** One line: who, what, from where, and what was there before and after. */
export function AuditLinePage({ view }: { view: AuditLineView }) {
  const list = (params: Record<string, string>) => `/audit-log?${new URLSearchParams(params)}`;
  return (
    <>
      <PageHeader
        above={
          <Breadcrumbs
            items={[{ label: "Audit log", to: "/audit-log" }, { label: actionWords(view.action) }]}
          />
        }
        title={actionWords(view.action)}
        description={
          <p>
            By {view.actorLabel}, <Time iso={view.createdAt} show="absolute" /> (<Time iso={view.createdAt} />
            )
          </p>
        }
      />
      <div className="grid items-start gap-4 xl:grid-cols-[minmax(0,1fr)_380px]">
        <Card aria-labelledby="changes" className="max-xl:order-2">
          <CardHeader title="Before and after" id="changes" note="secrets are masked" />
          <DataTable
            caption="What was there before and after"
            columns={columns}
            rows={view.differences}
            rowId={(row) => row.name}
            empty={
              <CardBody>
                <p className="text-text-2">It is all in the name: no field was recorded with it.</p>
              </CardBody>
            }
          />
        </Card>
        <Card aria-labelledby="facts" className="max-xl:order-1">
          <CardHeader title="Line" id="facts" />
          <CardBody>
            <DescriptionList
              items={[
                { term: "Who", description: <AuditActor row={view} /> },
                {
                  term: "Object",
                  description: (
                    <>
                      <span className="text-text-3">{targetWords(view.targetType)}</span>{" "}
                      <span className="break-all">{view.targetLabel}</span>
                      {view.targetId ? (
                        <TextLink to={list({ object: view.targetId })} className="block w-fit text-sm">
                          its history
                        </TextLink>
                      ) : null}
                    </>
                  ),
                },
                { term: "From", description: view.ip && <code>{view.ip}</code> },
                { term: "Program", description: view.userAgent },
                {
                  term: "Request",
                  description: view.requestId && (
                    <>
                      <CopyableId id={view.requestId} what="request id" />
                      <TextLink to={list({ q: view.requestId })} className="block w-fit text-sm">
                        its lines
                      </TextLink>
                    </>
                  ),
                },
                {
                  term: "In the chain",
                  description: (
                    <>
                      Line {view.position}
                      <code
                        title="SHA-256 over this line and the hash of the one before"
                        className="block text-sm break-all text-text-3"
                      >
                        {view.hash}
                      </code>
                    </>
                  ),
                },
              ]}
            />
          </CardBody>
        </Card>
      </div>
    </>
  );
}
