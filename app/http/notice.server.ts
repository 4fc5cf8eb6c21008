import { redirect } from "@remix-run/node";
import { newId } from "~/lib/ids";

const COOKIE = "notice";

/** What the last form did. `id` tells two equal texts apart. */
interface Notice {
  id: string;
  text: string;
}

/** Ends a form: goes on to `to`, where the next page says `text` once. */
export function redirectWithNotice(to: string, text: string): Response {
  const value = encodeURIComponent(JSON.stringify({ id: newId(), text } satisfies Notice));
  return redirect(to, {
    headers: { "set-cookie": `${COOKIE}=${value}; Path=/; Max-Age=60; SameSite=Lax; HttpOnly` },
  });
}

/** The notice that waits in the cookie, and the header that takes it away. */
export function takeNotice(request: Request): { notice: Notice | null; setCookie: string | null } {
  const raw = new RegExp(`(?:^|;\\s*)${COOKIE}=([^;]*)`).exec(request.headers.get("cookie") ?? "")?.[1];
  if (!raw) return { notice: null, setCookie: null };
  const setCookie = `${COOKIE}=; Path=/; Max-Age=0; SameSite=Lax; HttpOnly`;
  try {
    const value = JSON.parse(decodeURIComponent(raw)) as Partial<Notice> | null;
    if (typeof value?.id === "string" && typeof value.text === "string") {
      return { notice: { id: value.id, text: value.text }, setCookie };
    }
  } catch {
    // Not ours: dropped with the cookie.
  }
  return { notice: null, setCookie };
}
