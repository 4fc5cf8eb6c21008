import type { LoaderFunctionArgs } from "@remix-run/node";
import { Form, useLoaderData, useSearchParams, useSubmit } from "@remix-run/react";
import { HiddenParams } from "~/components/data-table/hidden-params";
import { withParams } from "~/components/data-table/search-params";
import { LiveUpdates } from "~/components/layout/live-updates";
import { page, pageMeta } from "~/components/layout/trail";
import { Button, ButtonLink } from "~/components/ui/button";
import { Card, CardHeader } from "~/components/ui/card";
import { EmptyState } from "~/components/ui/empty-state";
import { formatCount } from "~/components/ui/format";
import { CreditCard, Route } from "~/components/ui/icons";
import { PageHeader } from "~/components/ui/page-header";
import { Segmented } from "~/components/ui/segmented";
import { Select } from "~/components/ui/select";
import { TextLink } from "~/components/ui/text-link";
import { type Period, routingPageQuerySchema } from "~/contracts/routing-history";
import { isAllowed } from "~/domain/users/permissions";
import { DecisionsTable } from "~/features/routing/decisions-table";
import { EventsCard, HealthCard, ShareCard } from "~/features/routing/overview-cards";
import {
  presentRoutingOverview,
  type RoutingOverviewView,
} from "~/features/routing/routing-overview.presenter.server";
import { RoutingTabs } from "~/features/routing/routing-tabs";
import { ScoreChart, SmallCharts } from "~/features/routing/score-charts";
import { periodWords, segmentInSentence, segmentWords } from "~/features/routing/words";
import { requireScope } from "~/http/require-user.server";

export const handle = page("Routing");
export const meta = pageMeta;

export async function loader({ request, params }: LoaderFunctionArgs) {
  const { application, merchant, mode, role, services, timeZone } = await requireScope(request, params);
  const query = routingPageQuerySchema.parse(Object.fromEntries(new URL(request.url).searchParams));
  const scope = { merchantId: merchant.id, applicationId: application.id, mode };
  const view = await presentRoutingOverview({ ...scope, timeZone, query }, services);
  const mayExport = isAllowed(role, "figures.export");
  return { view, base: `/apps/${application.id}/${mode}`, mode, mayExport };
}

export default function RoutingPage() {
  const { view, base, mode, mayExport } = useLoaderData<typeof loader>();
  const [params] = useSearchParams();
  const { words } = periodWords[view.period];
  const csv = new URLSearchParams({
    period: view.period,
    ...(view.segment ? { segment: view.segment } : {}),
  });
  const description = view.segment
    ? `Which provider each checkout goes to, and why. ${segmentWords(view.segment)}, ${words}, ${view.zone}.`
    : "Which provider each checkout goes to, and why.";
  return (
    <>
      <PageHeader
        title={
          <>
            Routing <LiveUpdates source={`${base}/live`} />
          </>
        }
        description={description}
        actions={
          view.segment === null ? null : (
            <>
              <SegmentSelect view={view} />
              <Segmented
                label="Period"
                items={(Object.keys(periodWords) as Period[]).map((value) => ({
                  to: withParams(params, { period: value === "24h" ? null : value }),
                  label: periodWords[value].short,
                  current: value === view.period,
                }))}
              />
            </>
          )
        }
      />
      <RoutingTabs />
      <div className="grid gap-4">
        {view.segment === null ? (
          <Card>
            <EmptyState
              icon={<Route />}
              title={`Nothing was routed in ${mode} mode yet`}
              action={<ButtonLink to={`${base}/sessions`}>Sessions</ButtonLink>}
            >
              Scores are recorded once a minute from the first {mode} session on: here you will see which
              provider won, by how much, and why.
            </EmptyState>
          </Card>
        ) : (
          <div className="grid items-start gap-4 xl:grid-cols-[minmax(0,1fr)_320px]">
            <div className="grid min-w-0 gap-4">
              {view.lines.length === 0 ? (
                <Card>
                  <EmptyState icon={<Route />} title={`No score in ${words}`}>
                    No connection could take {segmentInSentence(view.segment)}, or nothing was recorded.
                  </EmptyState>
                </Card>
              ) : (
                <>
                  <ScoreChart view={view} csvTo={mayExport ? `${base}/routing/scores.csv?${csv}` : null} />
                  <SmallCharts view={view} />
                </>
              )}
            </div>
            <div className="grid gap-4 md:max-xl:grid-cols-2">
              <ShareCard view={view} words={words} />
              <EventsCard events={view.events} words={words} />
            </div>
          </div>
        )}
        <HealthCard view={view} providersTo={`${base}/providers`} />
        {view.decisions.rows.length > 0 ? (
          <Card>
            <CardHeader
              title="Decisions"
              note={`${formatCount(view.decisions.total)} in ${words}, every method and currency`}
              actions={<TextLink to={`${base}/routing/decisions?period=${view.period}`}>View all</TextLink>}
            />
            <DecisionsTable rows={view.decisions.rows} base={base} empty={null} />
          </Card>
        ) : null}
      </div>
    </>
  );
}

/** Payment method and currency. */
function SegmentSelect({ view }: { view: RoutingOverviewView }) {
  const submit = useSubmit();
  const isListed = view.segments.some(({ value }) => value === view.segment);
  return (
    <Form method="get" preventScrollReset className="flex gap-2">
      <HiddenParams except={["segment"]} />
      <Select
        key={view.segment}
        name="segment"
        aria-label="Payment method and currency"
        defaultValue={view.segment ?? ""}
        icon={<CreditCard className="size-4" />}
        onChange={(event) => submit(event.currentTarget.form, { preventScrollReset: true })}
        className="w-auto max-sm:w-full"
      >
        {isListed || view.segment === null ? null : (
          <option value={view.segment}>{segmentWords(view.segment)}</option>
        )}
        {view.segments.map(({ value, label }) => (
          <option key={value} value={value}>
            {label}
          </option>
        ))}
      </Select>
      <noscript>
        <Button type="submit">Show</Button>
      </noscript>
    </Form>
  );
}
