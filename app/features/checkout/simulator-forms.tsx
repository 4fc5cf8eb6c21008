import { Link } from "@remix-run/react";
import { Button } from "~/components/ui/button";
import { Field } from "~/components/ui/field";
import { Lock, ShieldCheck, Smartphone } from "~/components/ui/icons";
import { Input } from "~/components/ui/input";
import type { CardForm, CardFormErrors } from "~/contracts/test-cards";
import type { SimulatorView } from "./simulator.presenter.server";
import { useSubmitOnce } from "./use-submit-once";

/** What the page gets back when the form was refused. */
export interface SimulatorReply {
  errors: CardFormErrors & { phone?: string };
  typed: CardForm & { phone: string };
}

const list = (error: string | undefined) => (error === undefined ? null : [error]);

/** The provider's payment form: a card, or the phone that gets the M-Pesa prompt. */
export function PayForm({ view, reply }: { view: SimulatorView; reply: SimulatorReply | null }) {
  const { isSubmitting, onSubmit } = useSubmitOnce();
  const values = reply?.typed ?? { ...view.card, phone: view.phone };
  // Another line of the list fills the form anew; the key makes uncontrolled inputs follow.
  const key = `${view.filled ?? ""}-${reply === null}`;
  return (
    <form method="post" onSubmit={onSubmit} className="grid gap-4" key={key} noValidate>
      <input type="hidden" name="intent" value="pay" />
      {view.kind === "card" ? (
        <CardFields values={values} errors={reply?.errors ?? {}} />
      ) : (
        <Field
          id="phone"
          label="M-Pesa phone number"
          hint="No phone is called: only the numbers below do anything."
          errors={list(reply?.errors.phone)}
        >
          {(control) => (
            <Input
              {...control}
              name="phone"
              type="tel"
              inputMode="tel"
              autoComplete="off"
              defaultValue={values.phone}
              placeholder="+254 700 000 000"
              icon={<Smartphone />}
              autoFocus={reply?.errors.phone !== undefined}
            />
          )}
        </Field>
      )}
      <Button type="submit" variant="primary" size="lg" wide pending={isSubmitting}>
        {view.kind === "card" ? <Lock /> : <Smartphone />}
        {view.kind === "card" ? "Pay" : "Send the prompt for"} {view.amount.map(({ text }) => text).join(" ")}
      </Button>
    </form>
  );
}

function CardFields({ values, errors }: { values: CardForm; errors: CardFormErrors }) {
  const [first] = (["cardNumber", "expiry", "cvc"] as const).filter((name) => errors[name] !== undefined);
  return (
    <div className="grid grid-cols-2 items-start gap-3">
      <Field id="cardNumber" label="Card number" errors={list(errors.cardNumber)} className="col-span-2">
        {(control) => (
          <Input
            {...control}
            name="cardNumber"
            inputMode="numeric"
            // Off, so that no browser offers a real card.
            autoComplete="off"
            maxLength={30}
            defaultValue={values.cardNumber}
            placeholder="4242 4242 4242 4242"
            autoFocus={first === "cardNumber"}
          />
        )}
      </Field>
      <Field id="expiry" label="Expiry" errors={list(errors.expiry)}>
        {(control) => (
          <Input
            {...control}
            name="expiry"
            inputMode="numeric"
            autoComplete="off"
            maxLength={10}
            defaultValue={values.expiry}
            placeholder="MM / YY"
            autoFocus={first === "expiry"}
          />
        )}
      </Field>
      <Field id="cvc" label="Security code" errors={list(errors.cvc)}>
        {(control) => (
          <Input
            {...control}
            name="cvc"
            inputMode="numeric"
            autoComplete="off"
            maxLength={4}
            defaultValue={values.cvc}
            placeholder="123"
            autoFocus={first === "cvc"}
          />
        )}
      </Field>
    </div>
  );
}

/** The bank's 3-D Secure step: the person plays the cardholder. */
export function ChallengeForm({ view }: { view: SimulatorView }) {
  const { isSubmitting, onSubmit } = useSubmitOnce();
  return (
    <div className="grid gap-4">
      <div className="flex items-center gap-3">
        <ShieldCheck className="size-7! text-info" />
        <h2 className="text-lg font-bold">Confirm with your bank</h2>
      </div>
      <p className="text-text-2">
        3-D Secure: the bank asks the cardholder to confirm {view.amount.map(({ text }) => text).join(" ")}{" "}
        for {view.merchantName}. You decide how that goes.
      </p>
      <form method="post" onSubmit={onSubmit}>
        <input type="hidden" name="intent" value="challenge-pass" />
        <Button type="submit" variant="primary" size="lg" wide pending={isSubmitting}>
          Confirm the payment
        </Button>
      </form>
      <form method="post" onSubmit={onSubmit}>
        <input type="hidden" name="intent" value="challenge-fail" />
        <Button type="submit" size="lg" wide>
          Fail the confirmation
        </Button>
      </form>
    </div>
  );
}

/** Back to the merchant without paying. */
export function CancelForm({ merchantName }: { merchantName: string }) {
  const { isSubmitting, onSubmit } = useSubmitOnce();
  return (
    <form method="post" onSubmit={onSubmit}>
      <input type="hidden" name="intent" value="cancel" />
      <Button
        type="submit"
        variant="ghost"
        wide
        pending={isSubmitting}
        className="h-auto min-h-control whitespace-normal"
      >
        Cancel and return to {merchantName}
      </Button>
    </form>
  );
}

/** Every test number and what it does; a press fills the form in, with and without JavaScript. */
export function TestNumbers({ view }: { view: SimulatorView }) {
  return (
    <section aria-labelledby="numbers">
      <h2 id="numbers" className="font-bold">
        {view.kind === "card" ? "Test cards" : "Test numbers"}
      </h2>
      <p className="mt-1 text-sm text-text-3">
        Choose one to fill the form.
        {view.kind === "card" ? " Any expiry date in the future and any security code will do." : null}
      </p>
      <ul className="mt-3 overflow-hidden rounded-lg border border-border">
        {view.numbers.map(({ id, number, label }) => (
          <li key={id} className="border-border not-first:border-t">
            <Link
              to={`?fill=${id}`}
              replace
              preventScrollReset
              aria-current={view.filled === id ? "true" : undefined}
              className="flex min-h-11 items-center justify-between gap-x-3 px-3 py-1.5 hover:bg-surface-hover focus-visible:-outline-offset-2 aria-[current]:bg-accent-soft"
            >
              <span className="font-medium whitespace-nowrap">{number}</span>
              <span className="min-w-0 text-right text-sm text-text-2">{label}</span>
            </Link>
          </li>
        ))}
      </ul>
      {view.kind === "card" ? (
        <p className="mt-3 text-sm text-text-3">
          Late success: the provider stays silent, then reports the payment after 60 seconds. Pay with that
          card, then expire the session in the dashboard or by API within the minute. The payment that is
          confirmed afterwards wins.
        </p>
      ) : null}
    </section>
  );
}
