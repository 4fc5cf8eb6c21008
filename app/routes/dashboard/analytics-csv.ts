import type { LoaderFunctionArgs } from "@remix-run/node";
import { analyticsFiles, analyticsQuerySchema } from "~/contracts/analytics";
import { analyticsCsv } from "~/features/analytics/analytics-csv.presenter.server";
import { authorisePage } from "~/http/form.server";
import { requireScope } from "~/http/require-user.server";

/** The numbers of one of the analytics page's cards as a file, with the page's own search parameters. */
export async function loader({ request, params }: LoaderFunctionArgs) {
  const { actor, application, merchant, mode, services, timeZone } = await requireScope(request, params);
  authorisePage(request, actor, "figures.export");
  const search = new URL(request.url).searchParams;
  const file = analyticsFiles.find((name) => name === search.get("chart"));
  if (!file) throw new Response("There is no such file.", { status: 404 });
  const query = analyticsQuerySchema.parse(Object.fromEntries(search));
  const scope = { merchantId: merchant.id, applicationId: application.id, mode };
  const { text, name } = await analyticsCsv({ ...scope, timeZone, query }, file, services);
  return new Response(text, {
    headers: {
      "content-type": "text/csv; charset=utf-8",
      "content-disposition": `attachment; filename="${name}"`,
      "cache-control": "no-store",
    },
  });
}
