import { isRouteErrorResponse, useRouteLoaderData } from "@remix-run/react";

/** The request id that an error response carries as `{requestId}`, or else that of the page. */
export function useRequestId(error: unknown): string | null {
  const root = useRouteLoaderData<{ requestId: string | null }>("root");
  const { requestId } = isRouteErrorResponse(error) ? ((error.data ?? {}) as { requestId?: unknown }) : {};
  return typeof requestId === "string" ? requestId : (root?.requestId ?? null);
}
