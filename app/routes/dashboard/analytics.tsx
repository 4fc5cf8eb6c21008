import type { LoaderFunctionArgs } from "@remix-run/node";
import { Await, useLoaderData, useSearchParams } from "@remix-run/react";
import { Suspense } from "react";
import { withParams } from "~/components/data-table/search-params";
import { page, pageMeta } from "~/components/layout/trail";
import { ButtonLink } from "~/components/ui/button";
import { Callout } from "~/components/ui/callout";
import { Card } from "~/components/ui/card";
import { EmptyState } from "~/components/ui/empty-state";
import { ErrorState } from "~/components/ui/error-state";
import { ChartColumn, SearchX } from "~/components/ui/icons";
import { PageHeader } from "~/components/ui/page-header";
import { Skeleton } from "~/components/ui/skeleton";
import { analyticsQuerySchema } from "~/contracts/analytics";
import { isAllowed } from "~/domain/users/permissions";
import {
  type AnalyticsView,
  presentAnalytics,
  presentAnalyticsDurations,
} from "~/features/analytics/analytics.presenter.server";
import { AnalyticsToolbar } from "~/features/analytics/analytics-toolbar";
import { DurationsSection } from "~/features/analytics/durations-section";
import { FailuresSection } from "~/features/analytics/failures-section";
import { FunnelCard } from "~/features/analytics/funnel-card";
import { KeyFigures } from "~/features/analytics/key-figures";
import { SuccessSection } from "~/features/analytics/success-section";
import { useDrillDown } from "~/features/analytics/use-drill-down";
import { VolumeSection } from "~/features/analytics/volume-section";
import { requireScope } from "~/http/require-user.server";

export const handle = page("Analytics");
export const meta = pageMeta;

export async function loader({ request, params }: LoaderFunctionArgs) {
  const { application, merchant, mode, role, services, timeZone } = await requireScope(request, params);
  const query = analyticsQuerySchema.parse(Object.fromEntries(new URL(request.url).searchParams));
  const input = { merchantId: merchant.id, applicationId: application.id, mode, timeZone, query };
  const durations = presentAnalyticsDurations(input, services);
  // Its failure is shown in its own place, also when it comes before the rest is there.
  durations.catch(() => undefined);
  return {
    view: await presentAnalytics(input, services),
    // Histograms of every bar: streamed after the page, unless the browser could not put them in.
    durations: query.whole ? await durations : durations,
    query,
    base: `/apps/${application.id}/${mode}`,
    mayExport: isAllowed(role, "figures.export"),
    mode,
  };
}

export default function AnalyticsPage() {
  const { view, mode, base } = useLoaderData<typeof loader>();
  const { period, zone } = view;
  return (
    <>
      <PageHeader
        title="Analytics"
        description={`${period.bounds}, ${zone.name}, compared with ${period.beforeWords}`}
      />
      {view.hasAny ? (
        <>
          <AnalyticsToolbar view={view} />
          {period.cutDays === null ? null : (
            <Callout className="mb-4">
              Figures go back {period.cutDays} days from the end of a period: shown are the last{" "}
              {period.cutDays} days of this one.
            </Callout>
          )}
          {view.now.created === 0 ? <NothingThere view={view} /> : <Figures view={view} />}
        </>
      ) : (
        <Card>
          <EmptyState
            icon={<ChartColumn />}
            title={`Nothing to analyse in ${mode} mode yet`}
            action={<ButtonLink to={`${base}/sessions`}>Sessions</ButtonLink>}
          >
            Success rate, conversion, failures, volume and durations are counted from the first {mode} session
            on.
          </EmptyState>
        </Card>
      )}
    </>
  );
}

function NothingThere({ view }: { view: AnalyticsView }) {
  const [params] = useSearchParams();
  const isFiltered = ["provider", "method", "currency"].some((name) => params.get(name));
  return (
    <Card>
      <EmptyState
        icon={<SearchX />}
        title={`No session ${view.period.words}`}
        action={
          <>
            {isFiltered ? (
              <ButtonLink to={withParams(params, { provider: null, method: null, currency: null })}>
                Clear the filters
              </ButtonLink>
            ) : null}
            <ButtonLink to={withParams(params, { from: null, to: null, range: "90d" })}>
              Last 90 days
            </ButtonLink>
          </>
        }
      >
        {isFiltered ? "None that the filters leave was created then." : "None was created then."} In{" "}
        {view.period.beforeWords} there were {view.before.created}.
      </EmptyState>
    </Card>
  );
}

function Figures({ view }: { view: AnalyticsView }) {
  const { durations, query, base, mayExport } = useLoaderData<typeof loader>();
  const [params] = useSearchParams();
  const drill = useDrillDown(base, view.bars);
  const cards = { view, csvTo: mayExport ? `${base}/analytics.csv` : null, drill };
  return (
    <div className="grid gap-4">
      <KeyFigures view={view} beforeWords={view.period.beforeWords} />
      <SuccessSection {...cards} />
      <FailuresSection {...cards} />
      <FunnelCard {...cards} />
      <VolumeSection {...cards} />
      <Suspense
        fallback={
          <div aria-busy="true">
            <Skeleton className="h-[560px] w-full noscript:hidden" />
            <noscript>
              <ButtonLink to={withParams(params, { whole: "1" })}>Show durations</ButtonLink>
            </noscript>
          </div>
        }
      >
        <Await
          resolve={durations}
          errorElement={
            <Card>
              <ErrorState
                title="The durations could not be read"
                action={<ButtonLink to={withParams(params, {})}>Try again</ButtonLink>}
              >
                Everything above is complete.
              </ErrorState>
            </Card>
          }
        >
          {(value) => <DurationsSection durations={value} query={query} {...cards} />}
        </Await>
      </Suspense>
    </div>
  );
}
