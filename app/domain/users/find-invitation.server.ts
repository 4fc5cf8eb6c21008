import type { SqlExecutor } from "~/db/database";
import type { Role } from "~/db/generated/enums";
import { sha256 } from "~/lib/crypto.server";

/** An invitation that can be accepted. */
export interface OpenInvitation {
  id: string;
  email: string;
  role: Role;
  /** Of the merchant whose team it leads to; null when it is to sign up a new merchant. */
  merchantId: string | null;
  merchantName: string | null;
  /** "Mara Okafor"; null when nobody is known. */
  invitedBy: string | null;
  /** Of the invited address, when it has a sign-in already. */
  userId: string | null;
}

/**
 * The invitation of a link's token; null when it is unknown, was accepted or withdrawn, or is over, which nobody is
 * told apart (api.md §4). With `lock`, in a transaction, nobody else accepts it meanwhile.
 */
export async function findInvitation(
  db: SqlExecutor,
  input: { token: string; now: Date; lock?: boolean },
): Promise<OpenInvitation | null> {
  const [row] = await db.query<OpenInvitation>(
    `SELECT i.id, lower(i.email) AS email, i.role::text AS role, i.merchant_id AS "merchantId",
       m.name AS "merchantName", b.first_name || ' ' || b.last_name AS "invitedBy",
       (SELECT u.id FROM users u WHERE u.email = lower(i.email)) AS "userId"
     FROM invitations i LEFT JOIN merchants m ON m.id = i.merchant_id LEFT JOIN users b ON b.id = i.invited_by_id
     WHERE i.token_hash = $1 AND i.accepted_at IS NULL AND i.revoked_at IS NULL AND i.expires_at > $2
     ${input.lock ? "FOR UPDATE OF i" : ""}`,
    [sha256(input.token), input.now],
  );
  return row ?? null;
}
