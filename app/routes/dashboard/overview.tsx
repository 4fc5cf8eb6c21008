import type { LoaderFunctionArgs } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { page, pageMeta } from "~/components/layout/trail";
import { ButtonLink } from "~/components/ui/button";
import { Card } from "~/components/ui/card";
import { cn } from "~/components/ui/cn";
import { EmptyState } from "~/components/ui/empty-state";
import { ReceiptText } from "~/components/ui/icons";
import { PageHeader } from "~/components/ui/page-header";
import { Segmented } from "~/components/ui/segmented";
import { type Range, rangeSchema } from "~/contracts/sessions-list";
import { isAllowed } from "~/domain/users/permissions";
import { KeyFigures } from "~/features/analytics/key-figures";
import { ChecklistCard } from "~/features/overview/checklist-card";
import { presentOverview } from "~/features/overview/overview.presenter.server";
import { AttentionCard, FailuresCard, ProvidersCard, VolumeCard } from "~/features/overview/overview-cards";
import { StatusChart } from "~/features/overview/status-chart";
import { NewTestSession } from "~/features/sessions/new-test-session";
import { requireScope } from "~/http/require-user.server";

export const handle = page("Overview");
export const meta = pageMeta;

export async function loader({ request, params }: LoaderFunctionArgs) {
  const { application, merchant, mode, role, services, timeZone } = await requireScope(request, params);
  const range = rangeSchema.catch("7d").parse(new URL(request.url).searchParams.get("range"));
  const scope = { merchantId: merchant.id, applicationId: application.id, mode };
  return {
    view: await presentOverview({ ...scope, range, timeZone }, services),
    applicationId: application.id,
    mode,
    canCreate: mode === "test" && application.archivedAt === null && isAllowed(role, "sessions.create"),
  };
}

const RANGES: Record<Range, { short: string; words: string; before: string }> = {
  "24h": { short: "24 h", words: "the last 24 hours", before: "the 24 hours before" },
  "7d": { short: "7 d", words: "the last 7 days", before: "the 7 days before" },
  "30d": { short: "30 d", words: "the last 30 days", before: "the 30 days before" },
  "90d": { short: "90 d", words: "the last 90 days", before: "the 90 days before" },
};

export default function OverviewPage() {
  const { view, applicationId, mode, canCreate } = useLoaderData<typeof loader>();
  const base = `/apps/${applicationId}/${mode}`;
  const range = RANGES[view.range];
  const hasNumbers = view.now.created > 0 || view.before.created > 0;
  return (
    <>
      <PageHeader
        title="Overview"
        description={`${view.bounds}, ${view.zone}, compared with ${range.before}`}
        actions={
          <>
            <Segmented
              label="Period"
              items={Object.entries(RANGES).map(([value, { short }]) => ({
                to: `?range=${value}`,
                label: short,
                current: value === view.range,
              }))}
            />
            {canCreate ? (
              <NewTestSession
                applicationId={applicationId}
                variant={view.checklist ? "secondary" : "primary"}
              />
            ) : null}
          </>
        }
      />
      <div className="grid gap-4">
        {view.checklist ? <ChecklistCard steps={view.checklist} /> : null}
        {hasNumbers ? <KeyFigures view={view} beforeWords={range.before} /> : null}
        <div className="grid items-start gap-4 xl:grid-cols-[minmax(0,1fr)_340px]">
          {hasNumbers ? (
            <StatusChart view={view} rangeWords={range.words} beforeWords={range.before} base={base} />
          ) : (
            <Card>
              <EmptyState
                icon={<ReceiptText />}
                title={`No session in ${range.words}`}
                action={<ButtonLink to={`${base}/sessions`}>Sessions</ButtonLink>}
              >
                Conversion, success rate and volume are counted from the first {mode} session on.
              </EmptyState>
            </Card>
          )}
          <AttentionCard items={view.attention} base={base} />
        </div>
        <div className={cn("grid items-start gap-4", hasNumbers && "xl:grid-cols-2")}>
          {/* Beside the currencies both of them; side by side where there is one currency only. */}
          <div className={view.volumes.length > 1 ? "grid gap-4" : "contents"}>
            <ProvidersCard providers={view.providers} range={view.range} base={base} />
            {hasNumbers ? (
              <FailuresCard
                failures={view.failures}
                range={view.range}
                beforeWords={range.before}
                base={base}
              />
            ) : null}
          </div>
          {view.volumes.length > 1 ? <VolumeCard volumes={view.volumes} beforeWords={range.before} /> : null}
        </div>
      </div>
    </>
  );
}
