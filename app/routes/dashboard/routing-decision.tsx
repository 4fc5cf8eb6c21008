import type { LoaderFunctionArgs } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { page, pageMeta } from "~/components/layout/trail";
import { ButtonLink } from "~/components/ui/button";
import { Callout } from "~/components/ui/callout";
import { Download } from "~/components/ui/icons";
import { Money } from "~/components/ui/money";
import { PageHeader } from "~/components/ui/page-header";
import { TextLink } from "~/components/ui/text-link";
import { Time } from "~/components/ui/time";
import { isAllowed } from "~/domain/users/permissions";
import { inScope } from "~/features/navigation/scope-path";
import { presentDecision } from "~/features/routing/decision.presenter.server";
import { ReasonBadge } from "~/features/routing/reason-badge";
import { ReceiptCards } from "~/features/routing/receipt-cards";
import { pageNotFound } from "~/http/form.server";
import { requireScope } from "~/http/require-user.server";
import { isUuid } from "~/lib/ids";

export const handle = page<typeof loader>((data, params) => [
  { label: "Routing", to: inScope(params, "routing") },
  { label: "Decisions", to: inScope(params, "routing/decisions") },
  { label: data?.view.row.order ?? "Decision" },
]);
export const meta = pageMeta;

export async function loader({ request, params }: LoaderFunctionArgs) {
  const { application, merchant, mode, role, services, timeZone } = await requireScope(request, params);
  const decisionId = params.decisionId ?? "";
  const scope = { merchantId: merchant.id, applicationId: application.id, mode };
  const view = isUuid(decisionId)
    ? await presentDecision({ ...scope, decisionId, timeZone }, services)
    : null;
  if (view === null) throw pageNotFound(request);
  const mayExport = isAllowed(role, "figures.export");
  return { view, base: `/apps/${application.id}/${mode}`, mayExport };
}

export default function DecisionPage() {
  const { view, base, mayExport } = useLoaderData<typeof loader>();
  const { row } = view;
  return (
    <>
      <PageHeader
        title={
          <>
            {row.provider ?? "No provider"}
            {row.score === null ? null : `, ${row.score}`}
            <ReasonBadge reason={row.why} />
          </>
        }
        description={
          <p className="break-words">
            {view.segment}, <Money amount={row.amount} currency={row.currency} />, for order{" "}
            <TextLink inline to={`${base}/sessions/${row.sessionId}`}>
              <code>{row.order}</code>
            </TextLink>
            , decided <Time iso={row.createdAt} show="absolute" /> (<Time iso={row.createdAt} />)
          </p>
        }
        actions={
          view.receipt && mayExport ? (
            <ButtonLink
              to={`${base}/routing/decisions/${row.id}/receipt.json`}
              prefetch="none"
              reloadDocument
              download
            >
              <Download /> Download receipt
            </ButtonLink>
          ) : null
        }
      />
      {view.receipt === null ? (
        <Callout tone="warning" title="The receipt of this decision cannot be read">
          The decision itself stands: {row.provider ?? "no provider"} was chosen.
        </Callout>
      ) : (
        <ReceiptCards view={view} receipt={view.receipt} />
      )}
    </>
  );
}
