import type { LoaderFunctionArgs } from "@remix-run/node";
import { Link, useLoaderData, useLocation } from "@remix-run/react";
import { useState } from "react";
import { FilterChips } from "~/components/data-table/filter-chips";
import { Pager } from "~/components/data-table/pager";
import { PAGE, useListParams } from "~/components/data-table/search-params";
import { LiveUpdates } from "~/components/layout/live-updates";
import { page, pageMeta } from "~/components/layout/trail";
import { Button, ButtonLink } from "~/components/ui/button";
import { Card } from "~/components/ui/card";
import { EmptyState } from "~/components/ui/empty-state";
import { formatCount } from "~/components/ui/format";
import { ArrowUp, Globe, Route, SearchX } from "~/components/ui/icons";
import { PageHeader } from "~/components/ui/page-header";
import { Segmented } from "~/components/ui/segmented";
import { decisionsPageQuerySchema, type Period } from "~/contracts/routing-history";
import { inScope } from "~/features/navigation/scope-path";
import { type DecisionsView, presentDecisions } from "~/features/routing/decisions.presenter.server";
import { DecisionsTable } from "~/features/routing/decisions-table";
import { RoutingTabs } from "~/features/routing/routing-tabs";
import { periodWords } from "~/features/routing/words";
import { requireScope } from "~/http/require-user.server";

export const handle = page((_, params) => [
  { label: "Routing", to: inScope(params, "routing") },
  { label: "Decisions" },
]);
export const meta = pageMeta;

export async function loader({ request, params }: LoaderFunctionArgs) {
  const { application, merchant, mode, services, timeZone } = await requireScope(request, params);
  const query = decisionsPageQuerySchema.parse(Object.fromEntries(new URL(request.url).searchParams));
  const scope = { merchantId: merchant.id, applicationId: application.id, mode };
  const view = await presentDecisions({ ...scope, timeZone, query }, services);
  return { view, period: query.period, base: `/apps/${application.id}/${mode}`, mode };
}

const YES_NO = [
  { value: "yes", label: "yes" },
  { value: "no", label: "no" },
];

export default function DecisionsPage() {
  const { view: newest, period, base, mode } = useLoaderData<typeof loader>();
  const { shown, waiting, showNewest } = useHeld(newest);
  const { params, href } = useListParams();
  return (
    <>
      <PageHeader
        title={
          <>
            Routing <LiveUpdates source={`${base}/live`} />
          </>
        }
        description="Every decision, with its receipt: who was considered, what was known of them then, and who won."
        actions={
          <Segmented
            label="Period"
            items={(Object.keys(periodWords) as Period[]).map((value) => ({
              to: href({ period: value, [PAGE]: null }),
              label: periodWords[value].short,
              current: value === period,
            }))}
          />
        }
      />
      <RoutingTabs />
      {shown.hasAny ? (
        <>
          <FilterChips
            filters={[
              { name: "provider", label: "Chosen", options: shown.options.providers },
              { name: "method", label: "Method", options: shown.options.methods },
              { name: "currency", label: "Currency", options: shown.options.currencies },
              { name: "explored", label: "Explored", options: YES_NO },
              { name: "excluded", label: "Had exclusions", options: YES_NO },
            ]}
          />
          <div className="mb-3 flex min-h-7 flex-wrap items-center gap-x-4 gap-y-2 text-sm text-text-3">
            <p className="inline-flex items-center gap-1.5">
              <Globe aria-hidden className="size-3.5" /> <span className="sr-only">Times are in</span>{" "}
              {shown.zone}
            </p>
            <div aria-live="polite">
              {waiting > 0 && !params.get(PAGE) ? (
                <Button size="sm" onClick={showNewest}>
                  <ArrowUp /> {formatCount(waiting)} new
                </Button>
              ) : null}
            </div>
          </div>
          <Card>
            <DecisionsTable
              rows={shown.rows}
              base={base}
              empty={
                <NothingMatches total={shown.totalItems} clearTo={`?period=${period}`} period={period} />
              }
            />
            {shown.totalItems > 0 ? (
              <Pager page={shown.page} limit={shown.limit} totalItems={shown.totalItems} />
            ) : null}
          </Card>
        </>
      ) : (
        <Card>
          <EmptyState
            icon={<Route />}
            title={`No decision in ${mode} mode yet`}
            action={<ButtonLink to={`${base}/sessions`}>Sessions</ButtonLink>}
          >
            Each {mode} session that asks for a provider leaves a decision here, with everything it was made
            from.
          </EmptyState>
        </Card>
      )}
    </>
  );
}

/**
 * Holds the list as it was when this address was opened: what comes by itself waits until it is asked for, so
 * that rows never jump under the pointer.
 */
function useHeld(newest: DecisionsView) {
  const { key } = useLocation();
  const [held, setHeld] = useState({ key, view: newest });
  const isHeld = held.key === key;
  // An address that was just opened: what it shows is held from now on.
  if (!isHeld) setHeld({ key, view: newest });
  const shown = isHeld ? held.view : newest;
  const known = new Set(shown.rows.map(({ id }) => id));
  const isFirst = newest.rows.filter(({ id }) => !known.has(id));
  const grown = newest.totalItems - shown.totalItems;
  return {
    shown,
    // Some may have left the period meanwhile.
    waiting: isFirst.length === 0 ? 0 : Math.max(isFirst.length, grown),
    showNewest: () => setHeld({ key, view: newest }),
  };
}

function NothingMatches({ total, clearTo, period }: { total: number; clearTo: string; period: Period }) {
  if (total > 0) {
    return (
      <EmptyState
        icon={<SearchX />}
        title="This page is past the end"
        action={
          <Link to={clearTo} className="font-medium text-accent hover:underline">
            Back to the first page
          </Link>
        }
      >
        The list is shorter than that.
      </EmptyState>
    );
  }
  return (
    <EmptyState
      icon={<SearchX />}
      title="No decision matches"
      action={<ButtonLink to={clearTo}>Clear filters</ButtonLink>}
    >
      None of {periodWords[period].words} fits all of these filters.
    </EmptyState>
  );
}
