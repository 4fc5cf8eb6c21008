import { createContext, type ReactNode, useContext, useMemo } from "react";
import { formatDateTime, formatRelative } from "./format-time";
import { useNow } from "./use-now";

type TimeSettings = { timeZone: string; now: string | null };

const TimeContext = createContext<TimeSettings>({ timeZone: "UTC", now: null });

/**
 * Says in which zone times below are shown, and the server's clock at the request (ISO): with it the
 * server can write relative times, without it they are absolute until the browser takes over.
 */
export function TimeProvider({
  timeZone,
  now,
  children,
}: {
  timeZone: string;
  now: string | null;
  children: ReactNode;
}) {
  const value = useMemo(() => ({ timeZone, now }), [timeZone, now]);
  return <TimeContext.Provider value={value}>{children}</TimeContext.Provider>;
}

export function useTimeZone(): string {
  return useContext(TimeContext).timeZone;
}

export type TimeProps = {
  /** ISO 8601. */
  iso: string;
  /** IANA name; that of the page when omitted. */
  timeZone?: string;
  /** "relative" (default) has the absolute time on hover. */
  show?: "relative" | "absolute";
  className?: string;
};

/** A moment. Draws the server's text first and the browser's clock after, so hydration never differs. */
export function Time({ iso, timeZone, show = "relative", className }: TimeProps) {
  const settings = useContext(TimeContext);
  const browserNow = useNow();
  const date = new Date(iso);
  const absolute = formatDateTime(date, timeZone ?? settings.timeZone);
  const serverNow = settings.now === null ? null : Date.parse(settings.now);
  // The later one: the browser's tick may be older than the page, or its clock slow.
  const now = serverNow === null ? browserNow : Math.max(serverNow, browserNow ?? 0);
  const text = show === "relative" && now !== null ? formatRelative(date, new Date(now)) : absolute;
  return (
    <time
      dateTime={iso}
      title={absolute}
      className={className}
      suppressHydrationWarning={show === "relative"}
    >
      {text}
    </time>
  );
}
