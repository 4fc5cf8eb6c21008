import type { UserActor } from "~/domain/actor";
import type { Services } from "~/domain/services";
import { authorise } from "~/domain/users/permissions";

/** The notices of a merchant `$1` that are for a member of its team `$2`: everybody's, and their own. */
export const noticesForMember = "n.merchant_id = $1 and (n.user_id is null or n.user_id = $2)";

/**
 * Marks notices as read, for this member of the team alone: the one of `noticeId`, or all of them. Another
 * merchant's or member's stays as it is, and so does one that was read before.
 */
export async function markNoticesRead(
  actor: UserActor,
  { noticeId }: { noticeId: string | null },
  { db, clock }: Pick<Services, "db" | "clock">,
): Promise<void> {
  authorise(actor, "notices.mark");
  await db.query(
    `insert into notice_reads (notice_id, user_id, read_at)
     select n.id, $2::uuid, $3::timestamptz from notices n
      where ${noticesForMember} and ($4::uuid is null or n.id = $4)
     on conflict (notice_id, user_id) do nothing`,
    [actor.merchantId, actor.userId, clock.now(), noticeId],
  );
}
