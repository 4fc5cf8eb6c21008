import type { ActionFunctionArgs, LoaderFunctionArgs } from "@remix-run/node";

interface RouteModule {
  loader(args: LoaderFunctionArgs): Promise<Response>;
  action(args: ActionFunctionArgs): Promise<Response>;
}

export interface Call {
  method?: string;
  params?: Record<string, string>;
  /** Query string without "?". */
  query?: string;
  /** For `Authorization: Bearer`. */
  token?: string;
  /** Sent as JSON. */
  body?: unknown;
  /** Sent as it is, with `contentType`. */
  rawBody?: string;
  contentType?: string;
}

export interface Reply {
  status: number;
  // biome-ignore lint/suspicious/noExplicitAny: a test asserts on what it expects
  body: any;
  headers: Headers;
}

/** Calls an API route as the lane does: the loader for reads, the action for the rest. */
export async function callRoute(route: RouteModule, call: Call = {}): Promise<Reply> {
  const { method = "GET", params = {}, query, token, body, rawBody, contentType = "application/json" } = call;
  const payload = rawBody ?? (body === undefined ? undefined : JSON.stringify(body));
  const request = new Request(`http://localhost:3999/api/v1/test${query === undefined ? "" : `?${query}`}`, {
    method,
    headers: {
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...(payload === undefined ? {} : { "content-type": contentType }),
    },
    ...(payload === undefined ? {} : { body: payload }),
  });
  const handle = method === "GET" || method === "HEAD" ? route.loader : route.action;
  const response = await handle({ request, params, context: {} });
  const text = await response.text();
  return { status: response.status, body: text === "" ? null : JSON.parse(text), headers: response.headers };
}
