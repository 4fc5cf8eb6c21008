import { newId } from "./ids";
import type { Log } from "./log";
import type { KeptMail, Mailer } from "./mailer";
import { maskedEmail } from "./personal-data";

export interface MailerOptions {
  /** smtp:// or smtps://, with user and password where the server wants them; undefined sends nothing. */
  smtpUrl: string | undefined;
  /** "Kadosei <no-reply@pay.example.com>" */
  from: string;
  /** Keeps what is not sent, in memory: for /dev/mail. */
  keep: boolean;
}

const KEPT = 50;
const CONNECT_MS = 10_000;
const SOCKET_MS = 20_000;

/** Mail through SMTP; without a server it goes to the log, where secrets in it are masked. */
export function createMailer({ smtpUrl, from, keep }: MailerOptions, log: Log): Mailer {
  if (smtpUrl !== undefined) return { send: smtpSender(smtpUrl, from), kept: null };
  const kept: KeptMail[] = [];
  return {
    async send(mail) {
      log.info(
        { to: maskedEmail(mail.to), subject: mail.subject, text: mail.text },
        "mail, not sent: SMTP_URL is not set",
      );
      if (!keep) return;
      kept.unshift({ ...mail, id: newId(), at: new Date().toISOString() });
      kept.length = Math.min(kept.length, KEPT);
    },
    kept: keep ? kept : null,
  };
}

function smtpSender(url: string, from: string): Mailer["send"] {
  // Read with the first mail: most processes send none.
  const transport = async () => {
    const { createTransport } = await import("nodemailer");
    return createTransport({
      url,
      connectionTimeout: CONNECT_MS,
      greetingTimeout: CONNECT_MS,
      socketTimeout: SOCKET_MS,
    });
  };
  let opened: ReturnType<typeof transport> | undefined;
  return async (mail) => {
    opened ??= transport();
    // No out-of-office answers it.
    await (await opened).sendMail({ from, ...mail, headers: { "Auto-Submitted": "auto-generated" } });
  };
}
