import { AsyncLocalStorage } from "node:async_hooks";

interface Renewal {
  token: string | null;
  setCookie: string | null;
}

/**
 * A session whose token changes in the middle of a request: the page's loaders, which run after the action in the
 * same request, still hold the old cookie. On globalThis, because the development server loads this module again
 * after each change.
 */
const memory = globalThis as { [key: symbol]: AsyncLocalStorage<Renewal> | undefined };
const KEY = Symbol.for("kadosei.renewed-session");
memory[KEY] ??= new AsyncLocalStorage<Renewal>();
const renewals = memory[KEY];

/** Around one request to a page: the answer carries the new cookie, whatever the page answers. */
export async function withRenewal(handle: () => Promise<Response>): Promise<Response> {
  const renewal: Renewal = { token: null, setCookie: null };
  const response = await renewals.run(renewal, handle);
  if (renewal.setCookie !== null) response.headers.append("set-cookie", renewal.setCookie);
  return response;
}

/** From here on this request's session has another token. */
export function renewSession(token: string, setCookie: string): void {
  const renewal = renewals.getStore();
  // Under another server than ours nothing would carry it: then the session must not be renewed.
  if (renewal === undefined) throw new Error("no request to renew a session in");
  renewal.token = token;
  renewal.setCookie = setCookie;
}

/** Whether this request can carry a new token to the browser. */
export const canRenewSession = () => renewals.getStore() !== undefined;

/** The token that replaced the cookie's in this request. */
export const renewedToken = () => renewals.getStore()?.token ?? null;
