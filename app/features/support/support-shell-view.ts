import type { UserSessionView } from "~/domain/users/user-session.server";
import type { SupportShellView } from "./support-shell";

/** What the console's frame shows of who is signed in. */
export function supportShellView({ user, merchant, visit }: UserSessionView): SupportShellView {
  return {
    name: `${user.firstName} ${user.lastName}`,
    visit: visit && merchant ? { merchantName: merchant.name, reason: visit.reason } : null,
  };
}
