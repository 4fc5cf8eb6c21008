import type { LoaderFunctionArgs } from "@remix-run/node";
import { presentDecision } from "~/features/routing/decision.presenter.server";
import { authorisePage, pageNotFound } from "~/http/form.server";
import { requireScope } from "~/http/require-user.server";
import { isUuid } from "~/lib/ids";

/** The receipt of a decision as a file. */
export async function loader({ request, params }: LoaderFunctionArgs) {
  const { actor, application, merchant, mode, services, timeZone } = await requireScope(request, params);
  authorisePage(request, actor, "figures.export");
  const decisionId = params.decisionId ?? "";
  const scope = { merchantId: merchant.id, applicationId: application.id, mode };
  const view = isUuid(decisionId)
    ? await presentDecision({ ...scope, decisionId, timeZone }, services)
    : null;
  if (view === null || view.receipt === null) throw pageNotFound(request);
  return new Response(`${view.receipt.json}\n`, {
    headers: {
      "content-type": "application/json",
      "content-disposition": `attachment; filename="receipt-${decisionId}.json"`,
      "cache-control": "no-store",
    },
  });
}
