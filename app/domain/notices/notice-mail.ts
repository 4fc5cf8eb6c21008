import { letter } from "~/domain/mail/letter";
import type { Mail } from "~/lib/mailer";

/** Kinds of notices that are mailed, with what to do about each. */
export const noticeAdvice = {
  endpoint_deactivated: {
    advice: "Events that come meanwhile are kept, and can be sent once the endpoint is on again.",
    action: "Open the endpoint",
  },
  key_expiring: {
    advice: "Roll it before then: the old key can go on working for a while beside the new one.",
    action: "Open the API keys",
  },
  provider_down: {
    advice: "Kadosei tries it again every few minutes, and uses it as soon as it answers.",
    action: "Open the providers",
  },
  mention: {
    advice: "The note is on the page of the payment session, where you can answer with one.",
    action: "Open the session",
  },
} as const;
export type MailedKind = keyof typeof noticeAdvice;

interface Told {
  kind: MailedKind;
  title: string;
  body: string;
  /** A path of the dashboard; null leads to its start. */
  url: string | null;
  merchantName: string;
}

/** A notice as the mail to one member of the team. */
export function noticeMail(
  { kind, title, body, url, merchantName }: Told,
  reader: { email: string; firstName: string },
  appUrl: string,
): Mail {
  const { advice, action } = noticeAdvice[kind];
  return letter({
    to: reader.email,
    subject: `${merchantName}: ${title}`,
    name: reader.firstName,
    paragraphs: [body, advice],
    action: { label: action, url: `${appUrl}${url ?? "/"}` },
    reason:
      kind === "mention"
        ? `You get this because a member of ${merchantName}’s team mentioned you.`
        : `You get this because you are an owner, admin or developer of ${merchantName}.`,
  });
}
