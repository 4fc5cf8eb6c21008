type Scope = { applicationId: string; mode: "test" | "live" };

/** `/apps/{id}/test/api-keys`; without a page, the overview. */
export function scopePath({ applicationId, mode }: Scope, page?: string): string {
  return `/apps/${applicationId}/${mode}${page ? `/${page}` : ""}`;
}

/**
 * The same page in another mode or application. Details (a session, an endpoint) exist in one scope
 * only, so there it is their list.
 */
export function samePageIn(pathname: string, scope: Scope): string {
  const page = /^\/apps\/[^/]+\/[^/]+\/(developers\/[^/]+|[^/]+)/.exec(pathname)?.[1];
  return scopePath(scope, page);
}

/** `scopePath` of the URL that a page is at: for links that its route makes. */
export function inScope(params: { applicationId?: string; mode?: string }, page?: string): string {
  return `/apps/${params.applicationId}/${params.mode}${page ? `/${page}` : ""}`;
}
