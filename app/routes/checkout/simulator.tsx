import {
  type ActionFunctionArgs,
  data,
  type LoaderFunctionArgs,
  type MetaFunction,
  redirect,
} from "@remix-run/node";
import { useActionData, useLoaderData } from "@remix-run/react";
import { readCardForm, readPhoneForm } from "~/contracts/test-cards";
import type { SystemActor } from "~/domain/actor";
import type { SimulatorStepResult } from "~/domain/simulator/apply-transition.server";
import { cancelSimulatorCheckout } from "~/domain/simulator/cancel-simulator-checkout.server";
import { completeChallenge } from "~/domain/simulator/complete-challenge.server";
import { paySimulatorCheckout } from "~/domain/simulator/pay-simulator-checkout.server";
import { readCheckout } from "~/domain/simulator/simulator-checkout.server";
import { Notice } from "~/features/checkout/checkout-notice";
import { CheckoutFrame, CheckoutPanel, LargeAmount, TestBar } from "~/features/checkout/checkout-shell";
import { presentSimulator, type SimulatorView } from "~/features/checkout/simulator.presenter.server";
import {
  CancelForm,
  ChallengeForm,
  PayForm,
  type SimulatorReply,
  TestNumbers,
} from "~/features/checkout/simulator-forms";
import { formText, pageNotFound } from "~/http/form.server";
import { requestContext } from "~/http/request-context";
import { getServices } from "~/services.server";

async function openSimulator({ request, params }: LoaderFunctionArgs | ActionFunctionArgs) {
  const services = await getServices();
  const row = await readCheckout(services.db, params.checkoutId ?? "", services.clock.now());
  if (row === null || row.provider !== params.provider) throw pageNotFound(request);
  return { services, row };
}

export async function loader(args: LoaderFunctionArgs) {
  const { row } = await openSimulator(args);
  return presentSimulator(row, new URL(args.request.url).searchParams.get("fill"));
}

/** Moved on: to the customer's next page, or to this one in its new state. */
function moved({ redirectUrl }: SimulatorStepResult, request: Request) {
  return redirect(redirectUrl ?? new URL(request.url).pathname);
}

export async function action(args: ActionFunctionArgs) {
  const { request } = args;
  const { services, row } = await openSimulator(args);
  const actor: SystemActor = { kind: "system", ...requestContext(request) };
  const checkoutId = row.id;
  const form = await request.formData();
  switch (formText(form, "intent")) {
    case "cancel":
      return moved(await cancelSimulatorCheckout(actor, { checkoutId }, services), request);
    case "challenge-pass":
      return moved(await completeChallenge(actor, { checkoutId, passed: true }, services), request);
    case "challenge-fail":
      return moved(await completeChallenge(actor, { checkoutId, passed: false }, services), request);
    default: {
      const typed = {
        cardNumber: formText(form, "cardNumber").slice(0, 40),
        expiry: formText(form, "expiry").slice(0, 20),
        cvc: formText(form, "cvc").slice(0, 10),
        phone: formText(form, "phone").slice(0, 30),
      };
      const isPhone = row.payment_method === "mpesa_stk";
      const read = isPhone ? readPhoneForm(typed) : readCardForm(typed, services.clock.now());
      if (!read.ok) return data<SimulatorReply>({ errors: read.errors, typed }, { status: 400 });
      const payWith = "card" in read ? read.card : read.phone;
      return moved(await paySimulatorCheckout(actor, { checkoutId, payWith }, services), request);
    }
  }
}

export const meta: MetaFunction<typeof loader> = ({ data: view }) => [
  { title: view ? `Simulated ${view.provider}: pay ${view.merchantName}` : "Kadosei" },
  { name: "robots", content: "noindex" },
];

/** What stands in the form's place once there is nothing to pay here. */
function SimulatorNotice({ view }: { view: SimulatorView }) {
  const link = { href: view.returnUrl, label: `Return to ${view.merchantName}` };
  switch (view.state) {
    case "paid":
      return (
        <Notice tone="success" title="Paid" link={link}>
          <p>
            This checkout was paid{view.paidWith ? ` by ${view.paidWith}` : null}. It cannot be paid again.
          </p>
        </Notice>
      );
    case "failed":
      return (
        <Notice tone="danger" title="The payment failed" link={link}>
          <p>
            {view.paidWith ? `By ${view.paidWith}. ` : null}The provider’s code is{" "}
            <code>{view.failureCode}</code>.
          </p>
        </Notice>
      );
    case "cancelled":
      return (
        <Notice tone="neutral" title="Cancelled" link={link}>
          <p>The customer left this checkout without paying.</p>
        </Notice>
      );
    case "expired":
      return (
        <Notice tone="neutral" title="Expired" link={link}>
          <p>This checkout was not paid in time and is closed.</p>
        </Notice>
      );
    default:
      return (
        <Notice tone={null} title="Processing" link={link}>
          <p>
            The payment{view.paidWith ? ` by ${view.paidWith}` : null} is on its way; its result follows by
            itself.
          </p>
        </Notice>
      );
  }
}

export default function SimulatorPage() {
  const view = useLoaderData<typeof loader>();
  const reply = useActionData<typeof action>() ?? null;
  const canPay = view.state === "open" || view.state === "requires_action";
  return (
    <CheckoutFrame
      language="en"
      bar={
        <TestBar title={`Simulated ${view.provider} — test mode`}>
          No money moves, and no real card belongs here.
        </TestBar>
      }
    >
      <header className="py-4">
        <p className="text-sm text-text-2">
          This page plays the provider <b>{view.provider}</b>.
        </p>
      </header>
      <CheckoutPanel>
        <section aria-labelledby="amount" className="grid content-start gap-5">
          <div>
            <h1 id="amount">
              <span className="block text-sm text-text-2">Pay {view.merchantName}</span>
              <LargeAmount parts={view.amount} />
            </h1>
            {view.description ? <p className="mt-1 break-words text-text-2">{view.description}</p> : null}
            <p className="mt-1 font-mono text-sm break-all text-text-3">{view.reference}</p>
          </div>
          {view.state === "open" ? <PayForm view={view} reply={reply} /> : null}
          {view.state === "requires_action" ? <ChallengeForm view={view} /> : null}
          {canPay ? <CancelForm merchantName={view.merchantName} /> : null}
        </section>
        {view.state === "open" ? <TestNumbers view={view} /> : <SideNote view={view} />}
      </CheckoutPanel>
    </CheckoutFrame>
  );
}

function SideNote({ view }: { view: SimulatorView }) {
  if (view.state !== "requires_action") return <SimulatorNotice view={view} />;
  return (
    <section className="grid content-start gap-2 text-text-2">
      <h2 className="font-bold text-text">What happens next</h2>
      <p>Confirming pays the session. Failing ends it as FAILED with the reason “3-D Secure failed”.</p>
      <p>Until you choose, the session is in REQUIRES_ACTION.</p>
    </section>
  );
}

export { CheckoutError as ErrorBoundary } from "~/features/checkout/checkout-error";
