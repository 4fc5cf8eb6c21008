import {
  type ActionFunctionArgs,
  data,
  type LoaderFunctionArgs,
  type MetaFunction,
  redirect,
} from "@remix-run/node";
import { useActionData, useLoaderData } from "@remix-run/react";
import { supportReasonSchema } from "~/contracts/support";
import { enterMerchant } from "~/domain/support/visit.server";
import { EnterPage } from "~/features/support/enter-page";
import { presentMerchant } from "~/features/support/support.presenter.server";
import { SupportShell } from "~/features/support/support-shell";
import { supportShellView } from "~/features/support/support-shell-view";
import { pageNotFound, submitForm } from "~/http/form.server";
import { requireStaff } from "~/http/require-user.server";
import { safeReturnTo } from "~/http/return-to";
import { isUuid } from "~/lib/ids";

export const meta: MetaFunction<typeof loader> = ({ data: view }) => [
  { title: `Enter ${view?.merchant.name ?? "a merchant"} · Kadosei` },
];

async function load(request: Request, params: LoaderFunctionArgs["params"]) {
  const staff = await requireStaff(request);
  const id = params.merchantId ?? "";
  const merchant = isUuid(id) ? await presentMerchant(id, staff.services) : null;
  if (merchant === null) throw pageNotFound(request);
  return { ...staff, merchant };
}

export async function loader({ request, params }: LoaderFunctionArgs) {
  const { session, merchant } = await load(request, params);
  const to = safeReturnTo(new URL(request.url).searchParams.get("to"));
  return { shell: supportShellView(session), merchant, to };
}

export async function action({ request, params }: ActionFunctionArgs) {
  const { actor, merchant, services } = await load(request, params);
  const form = await request.formData();
  const outcome = await submitForm(form, supportReasonSchema, ({ reason }) =>
    enterMerchant(actor, { merchantId: merchant.id, reason }, services),
  );
  if (!outcome.ok) return data({ reply: outcome.reply }, { status: 400 });
  return redirect(safeReturnTo(form.get("returnTo")));
}

export default function SupportEnterRoute() {
  const { shell, ...page } = useLoaderData<typeof loader>();
  const result = useActionData<typeof action>();
  return (
    <SupportShell view={shell}>
      <EnterPage {...page} lastResult={result?.reply} />
    </SupportShell>
  );
}
