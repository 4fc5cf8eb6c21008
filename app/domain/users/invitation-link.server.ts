import type { Services } from "~/domain/services";
import { randomToken, sha256 } from "~/lib/crypto.server";

/** api.md §4: the token works once, for 2 hours. */
const LIFETIME_MS = 2 * 3_600_000;

export interface InvitationLink {
  /** For the mail only: nobody can make it again from what is stored. */
  url: string;
  /** For the invitation's row. */
  tokenHash: Uint8Array<ArrayBuffer>;
  expiresAt: Date;
}

/**
 * A new link to accept an invitation by, and what the invitation's row keeps of it. Inviting and sending again each
 * make one; a link that was sent before ends when its row gets a new hash.
 */
export function makeInvitationLink({ clock, config }: Pick<Services, "clock" | "config">): InvitationLink {
  const token = randomToken();
  return {
    url: `${config.appUrl}/invitation?token=${token}`,
    tokenHash: sha256(token),
    expiresAt: new Date(clock.now().getTime() + LIFETIME_MS),
  };
}
