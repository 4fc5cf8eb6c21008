import { type PageQuery, pageQuerySchema } from "./common";

/**
 * Page and limit of a dashboard list. An address that somebody edited into nonsense shows the first
 * page: unlike the API (api.md §3), a page has nobody to answer 400 to.
 */
export function pageQueryOf(request: Request): PageQuery {
  const params = new URL(request.url).searchParams;
  const parsed = pageQuerySchema.safeParse({
    page: params.get("page") ?? undefined,
    limit: params.get("limit") ?? undefined,
  });
  return parsed.success ? parsed.data : pageQuerySchema.parse({});
}
