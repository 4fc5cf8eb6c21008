import type { SqlExecutor } from "~/db/database";
import type { Services } from "~/domain/services";
import type { Mail } from "~/lib/mailer";

/** What a sealed mail is bound to. */
const CONTEXT = "mail";

/**
 * Sends a mail once the caller's transaction has committed, by a job that tries again. The job holds it encrypted:
 * a mail names people, and some carry a link that lets its reader in. `once` names the mail: while one of that
 * name waits, no second is added.
 */
export async function queueMail(
  tx: SqlExecutor,
  mail: Mail,
  { once }: { once: string },
  { jobs, keyring }: Pick<Services, "jobs" | "keyring">,
): Promise<void> {
  const sealed = Buffer.from(keyring.encrypt(JSON.stringify(mail), CONTEXT)).toString("base64");
  await jobs.enqueue(tx, "send-mail", { sealed }, { singletonKey: once });
}

/** The handler of `send-mail`. @throws Error when the server did not take it. */
export async function sendMail(
  { sealed }: { sealed: string },
  { keyring, mailer }: Pick<Services, "keyring" | "mailer">,
): Promise<void> {
  const mail: Mail = JSON.parse(keyring.decrypt(new Uint8Array(Buffer.from(sealed, "base64")), CONTEXT));
  await mailer.send(mail);
}
