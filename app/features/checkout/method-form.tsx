import { Callout } from "~/components/ui/callout";
import { Clock, CreditCard, Lock, Smartphone } from "~/components/ui/icons";
import type { CheckoutView } from "./checkout.presenter.server";
import { CheckoutButton } from "./checkout-button";
import { Countdown } from "./countdown";
import { fill } from "./messages";

/** Why the last press led nowhere. */
export interface CheckoutProblem {
  /** unavailable: no provider took it. chosen: another window chose another method. */
  kind: "unavailable" | "chosen";
  /** The method that was asked for, where the customer had several. */
  method: string | null;
}

/** What went wrong, and what the customer can do. */
function Problem({ view, problem }: { view: CheckoutView; problem: CheckoutProblem }) {
  const { messages: text, merchantName: merchant, methods } = view;
  const labelOf = (wanted: string | null) => methods.find(({ value }) => value === wanted)?.label ?? "";
  const [only] = methods;
  if (problem.kind === "chosen" && only?.value !== problem.method)
    return (
      <Callout tone="warning" role="alert" title={text.methodChosenTitle} className="mb-4">
        {fill(text.methodChosenText, { method: only?.label ?? "" })}
      </Callout>
    );
  const label = methods.length > 1 ? labelOf(problem.method) : "";
  return (
    <Callout
      tone="danger"
      role="alert"
      title={label === "" ? text.unavailableTitle : fill(text.methodUnavailableTitle, { method: label })}
      className="mb-4"
    >
      {label === "" ? fill(text.unavailableText, { merchant }) : text.chooseAnotherText}
    </Callout>
  );
}

/** The payment methods, and the way on to the provider's page. */
export function MethodForm({ view, problem }: { view: CheckoutView; problem: CheckoutProblem | null }) {
  const hasChoice = view.methods.some(({ isAvailable }) => isAvailable);
  // Not the one that was just refused, where there is another.
  const usable = view.methods.filter(({ isAvailable }) => isAvailable);
  const preselected = usable.find(({ value }) => value !== problem?.method) ?? usable[0] ?? view.methods[0];
  const { messages: text, merchantName: merchant } = view;
  return (
    <section aria-labelledby="methods">
      <form method="post">
        <input type="hidden" name="intent" value="continue" />
        {problem ? <Problem view={view} problem={problem} /> : null}
        {hasChoice || problem ? null : (
          <Callout tone="warning" title={text.unavailableTitle} className="mb-4">
            {fill(text.unavailableText, { merchant })}
          </Callout>
        )}
        <fieldset className="grid gap-2">
          <legend id="methods" className="mb-2 font-bold">
            {text.payWith}
          </legend>
          {view.methods.map(({ value, label, hint, isAvailable }) => (
            <label
              key={value}
              className="flex items-center gap-3 rounded-lg border border-border-control px-4 py-3 has-disabled:bg-surface-sunken has-checked:border-[var(--merchant)] has-checked:shadow-[inset_0_0_0_1px_var(--merchant)] has-focus-visible:outline-2 has-focus-visible:outline-offset-2 has-focus-visible:outline-focus"
            >
              <input
                type="radio"
                name="paymentMethod"
                value={value}
                defaultChecked={value === preselected?.value}
                required
                // With none available all may be tried: routing looks again at every press.
                disabled={hasChoice && !isAvailable}
                className="size-[18px] flex-none accent-[var(--merchant)] focus-visible:outline-none"
              />
              <span className="min-w-0 flex-1">
                <b className="block">{label}</b>
                <span className="block text-sm text-text-3">
                  {isAvailable ? hint : text.methodUnavailable}
                </span>
              </span>
              {value === "mpesa_stk" ? (
                <Smartphone className="size-[22px]! text-text-2" />
              ) : (
                <CreditCard className="size-[22px]! text-text-2" />
              )}
            </label>
          ))}
        </fieldset>
        <CheckoutButton
          icon={<Lock />}
          wide
          className="mt-4 h-auto min-h-[50px] border-transparent bg-[var(--merchant)] py-2 text-[16px] font-bold whitespace-normal text-[var(--on-merchant)] hover:bg-[color-mix(in_srgb,var(--merchant)_88%,#000)] [&_.icon]:text-current"
        >
          {text.continue}
        </CheckoutButton>
        <p className="mt-3 text-sm text-text-3">{fill(text.note, { merchant })}</p>
        <p className="mt-4 flex gap-2 border-t border-border pt-3 text-sm text-text-2">
          <Clock className="mt-px" />
          <span>
            <Countdown
              sentence={text.openFor}
              expiresAt={view.expiresAt}
              left={view.left}
              until={view.until}
              locale={view.locale}
            />
          </span>
        </p>
      </form>
    </section>
  );
}

/** Leaves the checkout: a form, because it closes the session. */
export function CancelButton({ label }: { label: string }) {
  return (
    <form method="post" className="flex-none">
      <input type="hidden" name="intent" value="cancel" />
      <CheckoutButton variant="link" className="-mr-1 min-h-9 text-sm text-text-2">
        {label}
      </CheckoutButton>
    </form>
  );
}
