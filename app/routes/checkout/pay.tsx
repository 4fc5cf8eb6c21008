import {
  type ActionFunctionArgs,
  data,
  type LoaderFunctionArgs,
  type MetaFunction,
  redirect,
} from "@remix-run/node";
import { useActionData, useLoaderData } from "@remix-run/react";
import { plainPage } from "~/components/layout/plain-page";
import type { SystemActor } from "~/domain/actor";
import { cancelCheckout } from "~/domain/sessions/cancel-checkout.server";
import { sessionIdFromCheckoutToken } from "~/domain/sessions/checkout-token.server";
import { continueCheckout } from "~/domain/sessions/continue-checkout.server";
import { recordCheckoutOpened } from "~/domain/sessions/record-checkout-opened.server";
import { presentCheckout } from "~/features/checkout/checkout.presenter.server";
import { CheckoutNotice } from "~/features/checkout/checkout-notice";
import { CheckoutPanel, CheckoutShell } from "~/features/checkout/checkout-shell";
import { CancelButton, type CheckoutProblem, MethodForm } from "~/features/checkout/method-form";
import { OrderSummary } from "~/features/checkout/order-summary";
import { formText, pageNotFound } from "~/http/form.server";
import { requestContext } from "~/http/request-context";
import { isAppError } from "~/lib/errors";
import { getServices } from "~/services.server";

/** The session of the token, and the customer's browser as the actor. @throws a 404 for any other token. */
async function openCheckout({ request, params }: LoaderFunctionArgs | ActionFunctionArgs) {
  const services = await getServices();
  const sessionId = sessionIdFromCheckoutToken(services.keyring, params.token ?? "");
  if (sessionId === null) throw pageNotFound(request);
  const actor: SystemActor = { kind: "system", ...requestContext(request) };
  return { services, sessionId, actor };
}

export async function loader(args: LoaderFunctionArgs) {
  const { request } = args;
  const { services, sessionId, actor } = await openCheckout(args);
  const view = await presentCheckout(services, sessionId, {
    chosen: new URL(request.url).searchParams.get("lang"),
    acceptLanguage: request.headers.get("accept-language"),
  });
  if (view === null) throw pageNotFound(request);
  if (view.state === "open") await recordCheckoutOpened(actor, { sessionId }, services);
  return view;
}

export async function action(args: ActionFunctionArgs) {
  const { request } = args;
  const { services, sessionId, actor } = await openCheckout(args);
  const form = await request.formData();
  const intent = formText(form, "intent");
  const paymentMethod = formText(form, "paymentMethod").slice(0, 50) || null;
  const answer = (problem: CheckoutProblem | null, status: number) => data({ problem }, { status });
  try {
    if (intent === "cancel")
      return redirect((await cancelCheckout(actor, { sessionId }, services)).redirectUrl);
    if (intent !== "continue") return answer(null, 400);
    return redirect((await continueCheckout(actor, { sessionId, paymentMethod }, services)).redirectUrl);
  } catch (error) {
    if (isAppError(error, "NOT_FOUND")) throw pageNotFound(request);
    // Closed, paid, or another method chosen meanwhile: the page below says so.
    if (isAppError(error) && error.status === 409)
      return answer({ kind: "chosen", method: paymentMethod }, 409);
    // Nothing was chosen, or what is not offered: the page shows what is.
    if (isAppError(error, "VALIDATION_FAILED")) return answer(null, 400);
    // Not a 5xx: proxies put pages of their own in the place of those, and this page has the way on.
    if (isAppError(error)) return answer({ kind: "unavailable", method: paymentMethod }, 422);
    throw error;
  }
}

/** No part of it needs Remix in the browser: a small script of its own does what there is to do (checkout-script.js). */
export const handle = plainPage;

export const meta: MetaFunction<typeof loader> = ({ data: view }) => [
  { title: view?.title ?? "Kadosei" },
  { name: "robots", content: "noindex" },
];

export default function PayPage() {
  const view = useLoaderData<typeof loader>();
  const reply = useActionData<typeof action>();
  const isOpen = view.state === "open";
  return (
    <CheckoutShell view={view} action={isOpen ? <CancelButton label={view.messages.cancel} /> : null}>
      <CheckoutPanel>
        <OrderSummary view={view} />
        {isOpen ? (
          <MethodForm view={view} problem={reply?.problem ?? null} />
        ) : (
          <CheckoutNotice view={view} />
        )}
      </CheckoutPanel>
    </CheckoutShell>
  );
}

export { CheckoutError as ErrorBoundary } from "~/features/checkout/checkout-error";
