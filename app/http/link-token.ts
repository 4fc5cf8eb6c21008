/** The token of a mailed link, from the request's query; null when it cannot be one. */
export function linkTokenOf(request: Request): string | null {
  const token = new URL(request.url).searchParams.get("token") ?? "";
  return /^[A-Za-z0-9_-]{43}$/.test(token) ? token : null;
}
