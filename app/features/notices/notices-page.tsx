import { Form, useFetcher } from "@remix-run/react";
import { Pager } from "~/components/data-table/pager";
import { HiddenFields, SubmitButton } from "~/components/form/submit-button";
import { Button } from "~/components/ui/button";
import { Card } from "~/components/ui/card";
import { cn } from "~/components/ui/cn";
import { EmptyState } from "~/components/ui/empty-state";
import type { Icon } from "~/components/ui/icon";
import { AtSign, Bell, BellOff, CheckCheck, KeyRound, Plug, Webhook } from "~/components/ui/icons";
import { PageHeader } from "~/components/ui/page-header";
import { Segmented } from "~/components/ui/segmented";
import { TextLink } from "~/components/ui/text-link";
import { Time } from "~/components/ui/time";
import type { Page } from "~/contracts/common";
import type { NoticeView } from "./notices.presenter.server";

const icons: Readonly<Record<string, Icon>> = {
  endpoint_deactivated: Webhook,
  key_expiring: KeyRound,
  provider_down: Plug,
  mention: AtSign,
};

/** What happened while nobody looked, with the way to each. */
export function NoticesPage({
  page,
  unread,
  unreadOnly,
  mayMark,
}: {
  page: Page<NoticeView>;
  /** All of them, whatever page and filter. */
  unread: number;
  unreadOnly: boolean;
  /** Kadosei's staff on a visit look only. */
  mayMark: boolean;
}) {
  return (
    <>
      <PageHeader
        title="Notices"
        description="Failing endpoints, expiring keys, providers that are down, and where you are mentioned."
        actions={
          <>
            <Segmented
              label="Which notices"
              items={[
                { to: "/notices", label: "All", current: !unreadOnly },
                {
                  to: "/notices?show=unread",
                  label: unread > 0 ? `Unread ${unread > 99 ? "99+" : unread}` : "Unread",
                  current: unreadOnly,
                },
              ]}
            />
            {unread > 0 && mayMark ? (
              <Form method="post" preventScrollReset className="flex">
                <HiddenFields values={{ intent: "read-all" }} />
                <SubmitButton match={{ intent: "read-all" }} className="max-sm:w-full">
                  <CheckCheck /> Mark all as read
                </SubmitButton>
              </Form>
            ) : null}
          </>
        }
      />
      <Card>
        {page.items.length === 0 ? (
          <EmptyState
            icon={<BellOff />}
            title={unreadOnly ? "Nothing unread" : "No notice yet"}
            action={unreadOnly ? <TextLink to="/notices">All notices</TextLink> : null}
          >
            {unreadOnly
              ? "You have read every notice."
              : "When a webhook endpoint is turned off, a key is about to expire, a provider goes down or somebody mentions you, it is said here."}
          </EmptyState>
        ) : (
          <ul>
            {page.items.map((notice) => (
              <NoticeItem key={notice.id} notice={notice} mayMark={mayMark} />
            ))}
          </ul>
        )}
        {page.totalPages > 1 || page.page > 1 ? (
          <Pager page={page.page} limit={page.limit} totalItems={page.totalItems} />
        ) : null}
      </Card>
    </>
  );
}

function NoticeItem({ notice, mayMark }: { notice: NoticeView; mayMark: boolean }) {
  const fetcher = useFetcher();
  // It is as good as read from the press on: the row says so at once.
  const isRead = notice.isRead || fetcher.formData !== undefined;
  const values = { intent: "read", id: notice.id };
  const Icon = icons[notice.kind] ?? Bell;
  return (
    <li className="flex items-start gap-3 border-b border-border px-4 py-3 last:border-b-0">
      <span
        aria-hidden
        className={cn(
          "grid size-8 flex-none place-items-center rounded-full",
          isRead ? "bg-neutral-bg text-text-3" : "bg-accent-soft text-accent",
        )}
      >
        <Icon />
      </span>
      <div className="min-w-0 flex-1">
        <p className={cn("flex flex-wrap items-baseline gap-x-2", isRead ? "font-medium" : "font-bold")}>
          {isRead ? null : <span className="sr-only">Unread: </span>}
          {notice.url ? (
            <TextLink
              to={notice.url}
              onClick={mayMark ? () => fetcher.submit(values, { method: "post" }) : undefined}
            >
              {notice.title}
            </TextLink>
          ) : (
            notice.title
          )}
          <span className="text-sm font-normal text-text-3">
            <Time iso={notice.createdAt} />
          </span>
        </p>
        <p className="max-w-[88ch] break-words text-text-2">{notice.body}</p>
      </div>
      {isRead || !mayMark ? null : (
        <fetcher.Form method="post" className="flex-none">
          <HiddenFields values={values} />
          <Button type="submit" size="sm" variant="ghost" aria-label={`Mark “${notice.title}” as read`}>
            Mark as read
          </Button>
        </fetcher.Form>
      )}
    </li>
  );
}
