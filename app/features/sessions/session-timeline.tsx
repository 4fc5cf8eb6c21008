import { useSearchParams } from "@remix-run/react";
import type { ReactNode } from "react";
import { withParams } from "~/components/data-table/search-params";
import { Badge } from "~/components/ui/badge";
import { cn } from "~/components/ui/cn";
import { formatClock } from "~/components/ui/format-time";
import {
  Check,
  ChevronRight,
  CircleCheck,
  CircleX,
  Clock,
  Code,
  Inbox,
  LoaderCircle,
  RefreshCw,
  Send,
  Server,
  Split,
  User,
  UserCog,
  Webhook,
} from "~/components/ui/icons";
import { Segmented } from "~/components/ui/segmented";
import { TextLink } from "~/components/ui/text-link";
import { useTimeZone } from "~/components/ui/time";
import { SessionStatusBadge } from "./session-status-badge";
import type { TimelineBadge, TimelineIcon, TimelineItem, TimelineTone } from "./timeline";
import { TimelineEvidence } from "./timeline-evidence";

const icons: Record<TimelineIcon, ReactNode> = {
  request: <Code />,
  routing: <Split />,
  attempt: <Server />,
  customer: <User />,
  event: <Inbox />,
  status: <ChevronRight />,
  webhook: <Webhook />,
  person: <UserCog />,
  sync: <RefreshCw />,
};

const tones: Record<TimelineTone, string> = {
  plain: "border-border-strong bg-surface text-text-2",
  success: "border-transparent bg-success-bg text-success",
  warning: "border-transparent bg-warning-bg text-warning",
  danger: "border-transparent bg-danger-bg text-danger",
};

const badgeIcons: Record<TimelineBadge["tone"], ReactNode> = {
  success: <Check />,
  danger: <CircleX />,
  warning: <Clock />,
  info: <LoaderCircle />,
  neutral: <Send />,
};

const VIEWS = [
  { value: null, label: "All" },
  { value: "calls", label: "Calls" },
  { value: "customer", label: "Customer" },
  { value: "webhooks", label: "Webhooks" },
] as const;

/**
 * Everything that happened to a session, oldest first; `?show=` narrows it to one kind. `logTo` is the create's
 * line in the API logs; with `mayResend` deliveries can be sent again.
 */
export function SessionTimeline({
  items,
  zone,
  logTo,
  mayResend = false,
}: {
  items: readonly TimelineItem[];
  zone: string;
  logTo: string | null;
  mayResend?: boolean;
}) {
  const [params] = useSearchParams();
  const show = VIEWS.find(({ value }) => value !== null && value === params.get("show"))?.value ?? null;
  // A change of status says what the rest led to: it stays in every view.
  const shown = items.filter((item) => show === null || item.group === show || item.group === "status");
  return (
    <section aria-labelledby="timeline">
      <header className="mb-3 flex flex-wrap items-center gap-x-2 gap-y-2">
        <h2 id="timeline" className="font-bold">
          Timeline
        </h2>
        <span className="text-sm text-text-3">{zone}; + since the session was made</span>
        <Segmented
          label="Show"
          className="ml-auto max-sm:ml-0 max-sm:flex max-sm:w-full"
          items={VIEWS.filter(
            ({ value }) => value === null || items.some((item) => item.group === value),
          ).map(({ value, label }) => ({
            to: withParams(params, { show: value }),
            label,
            current: value === show,
          }))}
        />
      </header>
      <ol>
        {shown.map((item) => (
          <Entry
            key={item.id}
            item={item}
            logTo={item.icon === "request" ? logTo : null}
            mayResend={mayResend}
          />
        ))}
      </ol>
    </section>
  );
}

function Entry({ item, logTo, mayResend }: { item: TimelineItem; logTo: string | null; mayResend: boolean }) {
  return (
    <li className="relative grid grid-cols-[26px_minmax(0,1fr)] gap-x-3 pb-5 before:absolute before:top-[26px] before:bottom-0 before:left-[12.5px] before:w-px before:bg-border-strong last:pb-0 last:before:hidden">
      <span
        aria-hidden
        className={cn(
          "grid size-[26px] place-items-center rounded-full border [&_.icon]:size-3.5",
          tones[item.tone],
        )}
      >
        {item.change && item.tone === "success" ? (
          <CircleCheck />
        ) : item.change && item.tone === "danger" ? (
          <CircleX />
        ) : (
          icons[item.icon]
        )}
      </span>
      <div className="min-w-0 pt-[3px]">
        <div className="flex flex-wrap items-start gap-x-4">
          <h3 className="flex min-w-0 flex-wrap items-center gap-x-2 gap-y-1 font-bold break-words">
            {item.title}
            {item.code ? <code className="font-normal break-all">{item.code}</code> : null}
            {item.change ? (
              <>
                <SessionStatusBadge status={item.change.from} />
                <ChevronRight aria-hidden className="size-3.5 text-text-3" />
                <span className="sr-only">to</span>
                <SessionStatusBadge status={item.change.to} />
              </>
            ) : null}
            {item.badge ? (
              <Badge tone={item.badge.tone} icon={badgeIcons[item.badge.tone]}>
                {item.badge.text}
              </Badge>
            ) : null}
          </h3>
          <p className="ml-auto flex text-sm leading-5 whitespace-nowrap text-text-2 max-sm:ml-0 max-sm:w-full max-sm:gap-x-2">
            <Clockwork iso={item.at} />
            <span className="inline-block w-[88px] text-right text-text-3 max-sm:w-auto">{item.offset}</span>
          </p>
        </div>
        {item.lines.map((line) => (
          <p key={line} className="max-w-[88ch] break-words text-text-2">
            {line}
          </p>
        ))}
        {logTo ? (
          <TextLink to={logTo} className="inline-flex min-h-6 items-center text-sm">
            Request and response in the API logs
          </TextLink>
        ) : null}
        {item.evidence ? <TimelineEvidence evidence={item.evidence} mayResend={mayResend} /> : null}
      </div>
    </li>
  );
}

/** Clock time with milliseconds; the zone stands above the list. */
function Clockwork({ iso }: { iso: string }) {
  const timeZone = useTimeZone();
  return (
    <time dateTime={iso}>
      {formatClock(new Date(iso), timeZone)}.{iso.slice(20, 23)}
    </time>
  );
}
