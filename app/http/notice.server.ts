import { redirect } from "@remix-run/node";
import { isUuid, newId } from "~/lib/ids";

const COOKIE = "notice";

/** What the last form did. `id` tells two equal texts apart. */
interface Notice {
  id: string;
  text: string;
  undo: Undo | null;
}

/** The form that takes it back: what the page at `path` is sent, as `intent` and `id`. */
interface Undo {
  path: string;
  intent: string;
  id: string;
}

/** Ends a form: goes on to `to`, where the next page says `text` once, and offers to take it back where that can be done. */
export function redirectWithNotice(to: string, text: string, undo: Undo | null = null): Response {
  const value = encodeURIComponent(JSON.stringify({ id: newId(), text, undo } satisfies Notice));
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
      return { notice: { id: value.id, text: value.text, undo: ownUndo(value.undo) }, setCookie };
    }
  } catch {
    // Not ours: dropped with the cookie.
  }
  return { notice: null, setCookie };
}

/** Whoever put a cookie into the browser may not choose where a form goes: it stays here, and only takes back. */
function ownUndo(undo: Partial<Undo> | null | undefined): Undo | null {
  const { path, intent, id } = undo ?? {};
  if (typeof path !== "string" || typeof intent !== "string" || typeof id !== "string") return null;
  if (!/^\/(?![/\\])/.test(path) || !intent.endsWith("-restore") || !isUuid(id)) return null;
  return { path, intent, id };
}
