import {
  type ActionFunctionArgs,
  data,
  type HeadersFunction,
  type LoaderFunctionArgs,
  redirect,
} from "@remix-run/node";
import { useActionData, useLoaderData } from "@remix-run/react";
import encodeQR from "qr";
import { page, pageMeta } from "~/components/layout/trail";
import { totpCodeSchema } from "~/contracts/auth";
import { isRecent } from "~/domain/users/reauthenticate.server";
import { readTotp } from "~/domain/users/second-factor.server";
import { otpauthUrl } from "~/domain/users/totp.server";
import { confirmTwoFactor, startTwoFactor } from "~/domain/users/two-factor.server";
import { TwoFactorPage, type TwoFactorPageProps } from "~/features/users/two-factor-page";
import { formText, submitForm } from "~/http/form.server";
import { confirmIdentity, refused } from "~/http/identity.server";
import { requestContext } from "~/http/request-context";
import { requireSession } from "~/http/require-user.server";

export const handle = page(() => [
  { label: "Your account", to: "/account" },
  { label: "Password and sign-ins", to: "/account/security" },
  { label: "Two-factor" },
]);
export const meta = pageMeta;

/** The secret and the recovery codes are for nobody's cache. */
export const headers: HeadersFunction = () => ({ "cache-control": "no-store" });

export async function loader({ request }: LoaderFunctionArgs) {
  const { session, services } = await requireSession(request);
  // The secret is shown only to who proved lately who they are.
  const isOn = session.hasSecondFactor;
  if (isOn || !isRecent(session, services)) return { setUp: null, isOn };
  const totp = await readTotp(services.db, session.user.id, services);
  if (totp === null) return { setUp: null, isOn };
  const svg = encodeQR(otpauthUrl(totp.secret, session.user.email), "svg", { ecc: "medium", border: 2 });
  const qr = `data:image/svg+xml;base64,${Buffer.from(svg).toString("base64")}`;
  return { setUp: { qr, secret: totp.secret }, isOn };
}

export async function action({ request }: ActionFunctionArgs) {
  const { session, services } = await requireSession(request);
  const { user } = session;
  const form = await request.formData();
  const answer = (result: TwoFactorPageProps["result"], status = 400) => data(result, { status });
  try {
    if (formText(form, "intent") === "start") {
      await confirmIdentity(request, { session, services }, form);
      await startTwoFactor({ user }, services);
      return redirect("/account/two-factor");
    }
    if (formText(form, "intent") !== "confirm") return answer({ problem: "This page cannot do that." });
    const outcome = await submitForm(
      form,
      totpCodeSchema,
      async ({ code }) => {
        await confirmIdentity(request, { session, services }, form);
        const input = { user, sessionId: session.id, code };
        return confirmTwoFactor(requestContext(request), input, services);
      },
      { hide: ["code"] },
    );
    if (!outcome.ok) return answer({ reply: outcome.reply });
    return answer({ recoveryCodes: outcome.value }, 200);
  } catch (error) {
    return answer(refused(error));
  }
}

export default function AccountTwoFactorRoute() {
  const result = useActionData<typeof action>();
  return <TwoFactorPage {...useLoaderData<typeof loader>()} result={result ?? {}} />;
}

export { DashboardError as ErrorBoundary } from "~/features/navigation/dashboard-error";
