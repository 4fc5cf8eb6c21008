import { Link } from "@remix-run/react";
import { Badge, CountBadge } from "~/components/ui/badge";
import { Card, CardBody, CardHeader } from "~/components/ui/card";
import { cn } from "~/components/ui/cn";
import { formatCount, formatPercent } from "~/components/ui/format";
import { Circle, CircleCheck, CircleMinus, CirclePause, CircleX, TriangleAlert } from "~/components/ui/icons";
import { cell, MiniTable, ShareBar } from "~/components/ui/mini-table";
import { TextLink } from "~/components/ui/text-link";
import { Time } from "~/components/ui/time";
import { VolumeRows } from "~/features/analytics/volume-rows";
import { SIDE_WORDS } from "~/features/sessions/words";
import type { AttentionView } from "./attention.presenter.server";
import type { OverviewView, ProviderView } from "./overview.presenter.server";

/** What needs a person now; says so when nothing does. */
export function AttentionCard({ items, base }: { items: readonly AttentionView[]; base: string }) {
  return (
    <Card>
      <CardHeader
        title={
          <>
            Needs attention {items.length > 0 ? <CountBadge tone="danger">{items.length}</CountBadge> : null}
          </>
        }
      />
      <CardBody>
        {items.length === 0 ? (
          <p className="flex gap-2 text-text-2">
            <CircleCheck className="mt-0.5 text-success" /> Nothing: providers answer, webhooks arrive, no key
            is about to expire.
          </p>
        ) : (
          <ul className="grid gap-3">
            {items.map((item) => (
              <li
                key={item.id}
                className="grid grid-cols-[16px_minmax(0,1fr)] gap-x-2 border-t border-border pt-3 first:border-t-0 first:pt-0"
              >
                {item.tone === "danger" ? (
                  <CircleX aria-hidden className="mt-0.5 text-danger" />
                ) : (
                  <TriangleAlert aria-hidden className="mt-0.5 text-warning" />
                )}
                <div className="min-w-0">
                  <Link to={`${base}/${item.to}`} prefetch="intent" className="font-medium hover:underline">
                    {item.title}
                  </Link>
                  <p className="text-sm break-words text-text-2">
                    {item.code ? (
                      <>
                        <code className="break-all">{item.code}</code>{" "}
                      </>
                    ) : null}
                    {item.text}
                    {item.at ? (
                      <>
                        {" "}
                        <Time iso={item.at} />.
                      </>
                    ) : null}
                  </p>
                </div>
              </li>
            ))}
          </ul>
        )}
      </CardBody>
    </Card>
  );
}

const STATES = {
  healthy: { tone: "success", icon: <CircleCheck />, word: "Healthy" },
  unused: { tone: "neutral", icon: <Circle />, word: "Not used yet" },
  down: { tone: "danger", icon: <CircleX />, word: "Down" },
  paused: { tone: "warning", icon: <CirclePause />, word: "Paused" },
  removed: { tone: "outline", icon: <CircleMinus />, word: "Removed" },
} as const;

/** Success rate of each provider in the period, and how it is now. */
export function ProvidersCard({
  providers,
  range,
  base,
}: {
  providers: readonly ProviderView[];
  range: string;
  base: string;
}) {
  // By name, so that a provider keeps its colour when the order changes.
  const names = providers.map(({ provider }) => provider).sort();
  return (
    <Card>
      <CardHeader
        title="Success rate by provider"
        actions={
          <>
            <TextLink to={`${base}/analytics?range=${range}`}>Analytics</TextLink>
            <TextLink to={`${base}/providers`}>Providers</TextLink>
          </>
        }
      />
      <CardBody>
        {providers.length === 0 ? (
          <p className="text-text-2">No provider is connected in this mode.</p>
        ) : (
          <MiniTable
            caption="Success rate, paid sessions and state of each provider"
            columns={[
              { label: "Provider" },
              { label: "Success rate" },
              { label: "Paid / decided", right: true, isWide: true },
              { label: "Now" },
            ]}
          >
            {providers.map((provider) => {
              const state = STATES[provider.state];
              const rate = provider.decided === 0 ? null : provider.paid / provider.decided;
              return (
                <tr key={provider.provider}>
                  <th scope="row" className={cn(cell, "text-left font-normal")}>
                    <Link
                      to={`${base}/sessions?provider=${provider.provider}&range=${range}`}
                      prefetch="intent"
                      className="hover:underline"
                    >
                      {provider.provider}
                    </Link>
                  </th>
                  <td className={cn(cell, "whitespace-nowrap")}>
                    {rate === null ? (
                      <span className="text-text-3">no outcome yet</span>
                    ) : (
                      <>
                        <b className="mr-3 inline-block w-12 max-sm:mr-0">{formatPercent(rate)}</b>
                        <ShareBar
                          share={rate}
                          color={`var(--series-${(names.indexOf(provider.provider) % 3) + 1})`}
                        />
                        <span className="block text-sm text-text-3 sm:hidden">
                          {formatCount(provider.paid)} of {formatCount(provider.decided)}
                        </span>
                      </>
                    )}
                  </td>
                  <td className={cn(cell, "text-right whitespace-nowrap max-sm:hidden")}>
                    {formatCount(provider.paid)} / {formatCount(provider.decided)}
                  </td>
                  <td className={cell}>
                    <Badge tone={state.tone} icon={state.icon}>
                      {state.word}
                    </Badge>
                    <span className="block text-sm whitespace-nowrap text-text-3">
                      {provider.downSince ? (
                        <>
                          breaker opened <Time iso={provider.downSince} />
                        </>
                      ) : provider.p50LatencyMs === null ? null : (
                        `p50 create ${formatCount(Math.round(provider.p50LatencyMs))} ms`
                      )}
                    </span>
                  </td>
                </tr>
              );
            })}
          </MiniTable>
        )}
      </CardBody>
    </Card>
  );
}

/** The most frequent failure reasons of the period. */
export function FailuresCard({
  failures,
  range,
  beforeWords,
  base,
}: {
  failures: OverviewView["failures"];
  range: string;
  beforeWords: string;
  base: string;
}) {
  const most = Math.max(1, ...failures.reasons.map(({ sessions }) => sessions));
  return (
    <Card>
      <CardHeader
        title="Top failure reasons"
        note={`${formatCount(failures.total)} failed, ${formatCount(failures.before)} in ${beforeWords}`}
        actions={
          failures.total === 0 ? null : (
            <TextLink to={`${base}/sessions?status=FAILED&range=${range}`}>View failed</TextLink>
          )
        }
      />
      <CardBody>
        {failures.reasons.length === 0 ? (
          <p className="text-text-2">No session failed in this period.</p>
        ) : (
          <MiniTable
            caption="Failure reasons by number of sessions"
            columns={[
              { label: "Reason" },
              { label: "Whose side" },
              { label: "Share" },
              { label: "Sessions", right: true },
            ]}
          >
            {failures.reasons.map((reason) => (
              <tr key={reason.code}>
                <th scope="row" className={cn(cell, "text-left font-normal")}>
                  <Link
                    to={`${base}/sessions?status=FAILED&reason=${reason.code}&range=${range}`}
                    prefetch="intent"
                    title={reason.code}
                    className="hover:underline"
                  >
                    {reason.label}
                  </Link>
                </th>
                <td className={cn(cell, "text-text-2")}>{SIDE_WORDS[reason.side]}</td>
                <td className={cn(cell, "whitespace-nowrap")}>
                  <span className="mr-3 inline-block w-12">
                    {formatPercent(reason.sessions / Math.max(1, failures.total))}
                  </span>
                  <ShareBar share={reason.sessions / most} color="var(--chart-failed)" />
                </td>
                <td className={cn(cell, "text-right")}>{formatCount(reason.sessions)}</td>
              </tr>
            ))}
          </MiniTable>
        )}
      </CardBody>
    </Card>
  );
}

/** What was paid, currency by currency: amounts of different currencies are never added. */
export function VolumeCard({
  volumes,
  beforeWords,
}: {
  volumes: OverviewView["volumes"];
  beforeWords: string;
}) {
  return (
    <Card id="volume">
      <CardHeader title="Paid volume by currency" />
      <CardBody>
        <VolumeRows volumes={volumes} beforeWords={beforeWords} />
      </CardBody>
    </Card>
  );
}
