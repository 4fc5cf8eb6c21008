import { ButtonLink } from "~/components/ui/button";
import { Bell } from "~/components/ui/icons";

/** The way to the notices, with how many are new. */
export function NoticeBell({ unread }: { unread: number }) {
  const label = unread === 0 ? "Notices" : `Notices, ${unread > 99 ? "more than 99" : unread} unread`;
  return (
    <ButtonLink to="/notices" variant="ghost" size="icon" aria-label={label} title={label}>
      <Bell />
      {unread > 0 ? (
        <span
          aria-hidden
          className="absolute -top-0.5 -right-0.5 min-w-4 rounded-full bg-danger-solid px-1 text-center text-xs leading-4 font-bold text-on-accent tabular-nums"
        >
          {unread > 99 ? "99+" : unread}
        </span>
      ) : null}
    </ButtonLink>
  );
}
