import { useLoaderData } from "@remix-run/react";
import { page, pageMeta } from "~/components/layout/trail";
import { MailPage } from "~/features/dev/mail-page";
import { hasDevPages } from "~/lib/env";
import { getServices } from "~/services.server";

export const handle = page("Mail");
export const meta = pageMeta;

/** In development, or where DEV_PAGES asks for it: a 404 elsewhere. */
export async function loader() {
  const { env, mailer } = await getServices();
  if (!hasDevPages(env)) throw new Response(null, { status: 404 });
  const mails = (mailer.kept ?? []).map(({ html: _, ...mail }) => mail);
  return { mails, isSent: mailer.kept === null };
}

export default function DevMail() {
  return <MailPage {...useLoaderData<typeof loader>()} />;
}
