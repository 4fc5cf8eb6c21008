import { queueMail } from "~/domain/mail/send-mail.server";
import type { Services } from "~/domain/services";
import { type MailedKind, noticeAdvice, noticeMail } from "./notice-mail";

const BATCH = 100;
/** What is older was not mailed because nothing mailed it then: news of yesterday helps nobody. */
const NEWS_HOURS = 24;

interface Due {
  id: string;
  merchantId: string;
  userId: string | null;
  kind: MailedKind;
  title: string;
  body: string;
  url: string | null;
}

interface Reader {
  merchantId: string;
  merchantName: string;
  userId: string;
  role: string;
  email: string;
  firstName: string;
}

/**
 * Mails each notice once, to the one it is for or to the owners, admins and developers of the team. Marking it and
 * queueing its mails is one transaction, whatever wrote the notice.
 */
export async function mailNotices(services: Services): Promise<void> {
  const now = services.clock.now();
  await services.db.transaction(async (tx) => {
    const due = await tx.query<Due>(
      `update notices set mailed_at = $1 where id in (
         select id from notices where mailed_at is null and kind = any($2::text[])
            and created_at > $1::timestamptz - make_interval(hours => ${NEWS_HOURS})
          order by created_at limit ${BATCH} for update skip locked)
       returning id, merchant_id as "merchantId", user_id as "userId", kind, title, body, url`,
      [now, Object.keys(noticeAdvice)],
    );
    if (due.length === 0) return;
    const readers = await tx.query<Reader>(
      `select m.merchant_id as "merchantId", t.name as "merchantName", m.user_id as "userId", m.role::text as role,
              u.email, u.first_name as "firstName"
         from memberships m join users u on u.id = m.user_id join merchants t on t.id = m.merchant_id
        where m.merchant_id = any($1::uuid[]) and u.disabled_at is null`,
      [[...new Set(due.map(({ merchantId }) => merchantId))]],
    );
    for (const notice of due) {
      for (const reader of readers.filter((one) => isFor(notice, one))) {
        const mail = noticeMail(
          { ...notice, merchantName: reader.merchantName },
          reader,
          services.config.appUrl,
        );
        await queueMail(tx, mail, { once: `${notice.id}:${reader.userId}` }, services);
      }
    }
  });
  services.jobs.wake("send-mail");
}

const isFor = (notice: Due, reader: Reader) =>
  reader.merchantId === notice.merchantId &&
  (notice.userId === null
    ? ["owner", "admin", "developer"].includes(reader.role)
    : reader.userId === notice.userId);
