import { type ActionFunctionArgs, data, type LoaderFunctionArgs, redirect } from "@remix-run/node";
import { useActionData, useLoaderData } from "@remix-run/react";
import { page, pageMeta } from "~/components/layout/trail";
import { emailChangeSchema, profileSchema } from "~/contracts/auth";
import { updateProfile } from "~/domain/users/change-account.server";
import { cancelEmailChange, findPendingEmail, requestEmailChange } from "~/domain/users/change-email.server";
import { openMerchant } from "~/domain/users/user-session.server";
import { presentAccount } from "~/features/users/account.presenter.server";
import { AccountPage, type AccountPageProps } from "~/features/users/account-page";
import { formText, submitForm } from "~/http/form.server";
import { confirmIdentity } from "~/http/identity.server";
import { redirectWithNotice } from "~/http/notice.server";
import { requestContext } from "~/http/request-context";
import { requireSession } from "~/http/require-user.server";
import { isAppError } from "~/lib/errors";
import { isUuid } from "~/lib/ids";

export const handle = page("Your account");
export const meta = pageMeta;

export async function loader({ request }: LoaderFunctionArgs) {
  const { session, services } = await requireSession(request);
  return {
    account: await presentAccount(session, services),
    pendingEmail: await findPendingEmail(session.user.id, services),
  };
}

export async function action({ request }: ActionFunctionArgs) {
  const { session, services } = await requireSession(request);
  const { user } = session;
  const origin = requestContext(request);
  const form = await request.formData();
  const intent = formText(form, "intent");
  const answer = (result: AccountPageProps["result"], status = 400) => data(result, { status });

  if (intent === "profile") {
    const outcome = await submitForm(form, profileSchema, ({ timeZone = null, ...names }) =>
      updateProfile(origin, { user, ...names, timeZone }, services),
    );
    if (!outcome.ok) return answer({ form: "profile", reply: outcome.reply });
    return redirectWithNotice("/account", "Saved");
  }
  if (intent === "email") {
    const outcome = await submitForm(form, emailChangeSchema, async ({ email }) => {
      await confirmIdentity(request, { session, services }, form);
      await requestEmailChange(origin, { user, email }, services);
    });
    if (!outcome.ok) return answer({ form: "email", reply: outcome.reply });
    return redirectWithNotice("/account", "Two mails are on their way: confirm the new address");
  }
  if (intent === "cancel-email") {
    await cancelEmailChange(origin, { user }, services);
    return redirectWithNotice("/account", "The change is stopped");
  }
  const merchantId = formText(form, "id");
  if (intent === "open-merchant" && isUuid(merchantId)) {
    const input = { sessionId: session.id, userId: user.id, merchantId };
    const opened = await openMerchant(origin, input, services).catch((error: unknown) => {
      // A page that was left open offers a team that one has left since.
      if (isAppError(error, "NOT_FOUND")) return null;
      throw error;
    });
    if (opened === null) return redirect("/account");
    return redirectWithNotice("/", `${opened.merchantName} is open`);
  }
  return answer({ problem: "This page cannot do that." });
}

export default function AccountRoute() {
  const result = useActionData<typeof action>();
  return <AccountPage {...useLoaderData<typeof loader>()} result={result ?? {}} />;
}

export { DashboardError as ErrorBoundary } from "~/features/navigation/dashboard-error";
