import { sendMail } from "~/domain/mail/send-mail.server";
import { mailPasswordReset } from "~/domain/users/reset-password.server";
import type { KeptMail } from "~/lib/mailer";
import type { TestServices } from "./services";

/** Runs what waits to be mailed, as the queue does; gives what was sent by it, the oldest first. */
export async function deliverMail(services: TestServices): Promise<KeptMail[]> {
  const before = services.mailer.kept?.length ?? 0;
  while (services.enqueued.length > 0) {
    for (const { name, data } of services.enqueued.splice(0)) {
      if (name === "send-mail") await sendMail(data as { sealed: string }, services);
      if (name === "mail-password-reset") await mailPasswordReset(data as { sealed: string }, services);
    }
  }
  const kept = services.mailer.kept ?? [];
  return kept.slice(0, kept.length - before).reverse();
}

/** Path and query of the link in a mail. */
export function linkIn(mail: KeptMail | undefined): string {
  const url = /https?:\/\/\S+token=\S+/.exec(mail?.text ?? "")?.[0];
  if (url === undefined) throw new Error(`no link in: ${mail?.text}`);
  const { pathname, search } = new URL(url);
  return pathname + search;
}
