import { type ActionFunctionArgs, data, type LoaderFunctionArgs } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { page, pageMeta } from "~/components/layout/trail";
import { pageQueryOf } from "~/contracts/page-query";
import { markNoticesRead } from "~/domain/notices/mark-notices-read.server";
import { isAllowed } from "~/domain/users/permissions";
import { countUnreadNotices, presentNotices } from "~/features/notices/notices.presenter.server";
import { NoticesPage } from "~/features/notices/notices-page";
import { formText } from "~/http/form.server";
import { redirectWithNotice } from "~/http/notice.server";
import { requireUser } from "~/http/require-user.server";
import { isUuid } from "~/lib/ids";

export const handle = page("Notices");
export const meta = pageMeta;

export async function loader({ request }: LoaderFunctionArgs) {
  const { actor, services } = await requireUser(request);
  const unreadOnly = new URL(request.url).searchParams.get("show") === "unread";
  const [notices, unread] = await Promise.all([
    presentNotices(actor, { ...pageQueryOf(request), unread: unreadOnly }, services),
    countUnreadNotices(actor, services),
  ]);
  return { page: notices, unread, unreadOnly, mayMark: isAllowed(actor.role, "notices.mark") };
}

export async function action({ request }: ActionFunctionArgs) {
  const { actor, services } = await requireUser(request);
  const form = await request.formData();
  const id = formText(form, "id");
  if (formText(form, "intent") === "read-all") {
    await markNoticesRead(actor, { noticeId: null }, services);
    return redirectWithNotice("/notices", "Everything is marked as read");
  }
  if (formText(form, "intent") !== "read" || !isUuid(id)) return data(null, { status: 400 });
  await markNoticesRead(actor, { noticeId: id }, services);
  return null;
}

export default function NoticesRoute() {
  return <NoticesPage {...useLoaderData<typeof loader>()} />;
}

export { DashboardError as ErrorBoundary } from "~/features/navigation/dashboard-error";
