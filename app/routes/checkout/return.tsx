import { setTimeout as sleep } from "node:timers/promises";
import { type LoaderFunctionArgs, type MetaFunction, redirect } from "@remix-run/node";
import { useLoaderData, useParams } from "@remix-run/react";
import { plainPage } from "~/components/layout/plain-page";
import type { SystemActor } from "~/domain/actor";
import type { Services } from "~/domain/services";
import { sessionIdFromCheckoutToken } from "~/domain/sessions/checkout-token.server";
import { recordReturned } from "~/domain/sessions/record-returned.server";
import { syncSession } from "~/domain/sessions/sync-session.server";
import { presentCheckout, readReturn } from "~/features/checkout/checkout.presenter.server";
import { WaitingNotice } from "~/features/checkout/checkout-notice";
import { CheckoutPanel, CheckoutShell } from "~/features/checkout/checkout-shell";
import { OrderSummary } from "~/features/checkout/order-summary";
import { pageNotFound } from "~/http/form.server";
import { requestContext } from "~/http/request-context";
import { isAppError } from "~/lib/errors";
import { getServices } from "~/services.server";

/** The provider's notice is usually on its way already: this long it is waited for before asking. */
const WAIT_MS = 1_500;
const LOOK_EVERY_MS = 100;

/** Where to go, waiting for the notice a moment; null when nothing final is known, or the browser left. */
async function waitForEnd(services: Services, sessionId: string, request: Request): Promise<string | null> {
  const until = Date.now() + WAIT_MS;
  for (;;) {
    const found = await readReturn(services, sessionId);
    if (found === null) throw pageNotFound(request);
    if (found.redirectUrl !== null || Date.now() >= until || request.signal.aborted) return found.redirectUrl;
    await sleep(LOOK_EVERY_MS);
  }
}

/** The provider is asked in rounds 0, 1, 2, 4, 8 …: its notice is the rule, and each answer is a line of the timeline. */
function asksInRound(round: number): boolean {
  return round === 0 || Number.isInteger(Math.log2(round));
}

async function returned(
  actor: SystemActor,
  sessionId: string,
  services: Services,
  request: Request,
): Promise<void> {
  try {
    await recordReturned(actor, { sessionId }, services);
  } catch (error) {
    if (isAppError(error, "NOT_FOUND")) throw pageNotFound(request);
    throw error;
  }
}

export async function loader({ request, params }: LoaderFunctionArgs) {
  const services = await getServices();
  const sessionId = sessionIdFromCheckoutToken(services.keyring, params.token ?? "");
  if (sessionId === null) throw pageNotFound(request);

  const actor: SystemActor = { kind: "system", ...requestContext(request) };
  const { searchParams } = new URL(request.url);
  const round = Math.min(Math.max(Number.parseInt(searchParams.get("round") ?? "0", 10) || 0, 0), 10_000);
  if (round === 0) await returned(actor, sessionId, services, request);

  const noticed = await waitForEnd(services, sessionId, request);
  if (noticed !== null) return redirect(noticed);

  if (asksInRound(round)) {
    try {
      await syncSession(actor, { sessionId }, services);
    } catch (error) {
      // The provider does not answer: the page waits on, and its notice may still come.
      services.log.warn(
        { sessionId, requestId: actor.requestId, err: error },
        "could not ask the provider on return",
      );
    }
  }
  const asked = await readReturn(services, sessionId);
  if (asked?.redirectUrl) return redirect(asked.redirectUrl);

  const view = await presentCheckout(services, sessionId, {
    chosen: searchParams.get("lang"),
    acceptLanguage: request.headers.get("accept-language"),
  });
  if (view === null) throw pageNotFound(request);
  return { ...view, round };
}

/** No part of it needs Remix in the browser: a small script of its own does what there is to do (checkout-script.js). */
export const handle = plainPage;

export const meta: MetaFunction<typeof loader> = ({ data: view }) => [
  { title: view?.messages.waitingTitle ?? "Kadosei" },
  { name: "robots", content: "noindex" },
];

export default function ReturnPage() {
  const view = useLoaderData<typeof loader>();
  const { token } = useParams();
  return (
    <CheckoutShell view={view}>
      <CheckoutPanel>
        <OrderSummary view={view} />
        <WaitingNotice
          view={view}
          refresh={{ href: `?round=${view.round + 1}&lang=${view.language}`, seconds: 2 }}
          {...(view.state === "open" ? { checkoutHref: `/pay/${token}` } : {})}
        />
      </CheckoutPanel>
    </CheckoutShell>
  );
}

export { CheckoutError as ErrorBoundary } from "~/features/checkout/checkout-error";
