import type { LoaderFunctionArgs } from "@remix-run/node";
import { routingPageQuerySchema } from "~/contracts/routing-history";
import { scoresCsv } from "~/features/routing/scores-csv.presenter.server";
import { authorisePage } from "~/http/form.server";
import { requireScope } from "~/http/require-user.server";

/** The numbers of the routing overview's charts as a file. */
export async function loader({ request, params }: LoaderFunctionArgs) {
  const { actor, application, merchant, mode, services, timeZone } = await requireScope(request, params);
  authorisePage(request, actor, "figures.export");
  const query = routingPageQuerySchema.parse(Object.fromEntries(new URL(request.url).searchParams));
  const scope = { merchantId: merchant.id, applicationId: application.id, mode };
  const { text, name } = await scoresCsv({ ...scope, timeZone, query }, services);
  return new Response(text, {
    headers: {
      "content-type": "text/csv; charset=utf-8",
      "content-disposition": `attachment; filename="${name}"`,
      "cache-control": "no-store",
    },
  });
}
