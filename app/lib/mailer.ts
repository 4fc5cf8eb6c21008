/** One e-mail, ready to be sent. */
export interface Mail {
  to: string;
  subject: string;
  text: string;
  html: string;
}

/** One that was not sent. */
export interface KeptMail extends Mail {
  id: string;
  /** ISO 8601. */
  at: string;
}

/** How mail leaves this process. */
export interface Mailer {
  /** @throws Error when the server did not take it: the job that sends it tries again. */
  send(mail: Mail): Promise<void>;
  /** What was not sent because no server is configured, the newest first; null where it is not kept. For /dev/mail. */
  readonly kept: readonly KeptMail[] | null;
}
