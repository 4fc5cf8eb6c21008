import { CLIENT_HEADER, clientHeaderValue } from "~/http/request-context";

export interface PageModule {
  // biome-ignore lint/suspicious/noExplicitAny: each route's own
  loader?: (args: any) => unknown;
  // biome-ignore lint/suspicious/noExplicitAny: each route's own
  action?: (args: any) => unknown;
}

export interface Visit {
  /** Name and token of the session's cookie. */
  cookie?: string;
  /** Sent by POST. */
  form?: Record<string, string>;
  params?: Record<string, string>;
  /** Where it comes from; another address each time unless told, because throttles count by address. */
  ip?: string;
}

let visits = 0;
const nextAddress = () => `10.${++visits >> 16}.${(visits >> 8) & 255}.${visits & 255}`;

export interface Seen {
  status: number;
  location: string | null;
  /** `name=value` of each cookie that was set. */
  cookies: string[];
  // biome-ignore lint/suspicious/noExplicitAny: a test asserts on what it expects
  data: any;
}

/** Calls a page's loader, or with a form its action, as Remix does. */
export async function visitPage(page: PageModule, path: string, visit: Visit = {}): Promise<Seen> {
  const { cookie, form, params = {}, ip = nextAddress() } = visit;
  const request = new Request(`http://localhost:3999${path}`, {
    ...(form ? { method: "POST", body: new URLSearchParams(form) } : {}),
    headers: { ...(cookie ? { cookie } : {}), [CLIENT_HEADER]: clientHeaderValue(ip) },
  });
  const handler = form ? page.action : page.loader;
  const result: unknown = await Promise.resolve(handler?.({ request, params, context: {} })).catch(
    (thrown: unknown) => thrown,
  );
  if (result instanceof Error) throw result;
  if (result instanceof Response) {
    return {
      status: result.status,
      location: result.headers.get("location"),
      cookies: cookiesOf(result.headers),
      data: null,
    };
  }
  const { data = result, init } = (result ?? {}) as { data?: unknown; init?: ResponseInit | null };
  return {
    status: init?.status ?? 200,
    location: null,
    cookies: cookiesOf(new Headers(init?.headers)),
    data,
  };
}

const cookiesOf = (headers: Headers) => headers.getSetCookie().map((cookie) => cookie.split(";")[0] ?? "");

/** The session's cookie among those that were set. */
export function sessionCookieOf({ cookies }: Seen): string {
  const found = cookies.find((cookie) => /^kadosei=.{43}$/.test(cookie));
  if (found === undefined) throw new Error(`no session was started: ${cookies.join(", ")}`);
  return found;
}
