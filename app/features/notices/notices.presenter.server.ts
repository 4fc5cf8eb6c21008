import { type Page, type PageQuery, toPage } from "~/contracts/common";
import { noticesForMember } from "~/domain/notices/mark-notices-read.server";
import type { Services } from "~/domain/services";

export interface NoticeView {
  id: string;
  /** endpoint_deactivated | key_expiring | provider_down | mention */
  kind: string;
  title: string;
  body: string;
  /** A path of the dashboard. */
  url: string | null;
  createdAt: string;
  isRead: boolean;
}

interface Reader {
  merchantId: string;
  userId: string;
}

/** The bell says "99+" from here on, and nothing counts further. */
const COUNTED = 100;

const isUnread = "not exists (select from notice_reads r where r.notice_id = n.id and r.user_id = $2)";

/** How many notices the member has not read, at most 100. */
export async function countUnreadNotices(
  { merchantId, userId }: Reader,
  { db }: Pick<Services, "db">,
): Promise<number> {
  const [row] = await db.query<{ unread: number }>(
    `select count(*)::int as unread from (select 1 from notices n
       where ${noticesForMember} and ${isUnread} limit ${COUNTED}) as counted`,
    [merchantId, userId],
  );
  return row?.unread ?? 0;
}

/** A member's notices, newest first; `unread` leaves out what they have read. */
export async function presentNotices(
  { merchantId, userId }: Reader,
  query: PageQuery & { unread: boolean },
  { db }: Pick<Services, "db">,
): Promise<Page<NoticeView>> {
  const where = `${noticesForMember} and (not $3::boolean or ${isUnread})`;
  const [counted, rows] = await Promise.all([
    db.query<{ total: number }>(`select count(*)::int as total from notices n where ${where}`, [
      merchantId,
      userId,
      query.unread,
    ]),
    db.query<Omit<NoticeView, "createdAt"> & { createdAt: Date }>(
      `select n.id, n.kind, n.title, n.body, n.url, n.created_at as "createdAt", not ${isUnread} as "isRead"
         from notices n where ${where} order by n.created_at desc, n.id desc limit $4 offset $5`,
      [merchantId, userId, query.unread, query.limit, (query.page - 1) * query.limit],
    ),
  ]);
  const items = rows.map((row) => ({ ...row, createdAt: row.createdAt.toISOString() }));
  return toPage(items, counted[0]?.total ?? 0, query);
}
