import { ButtonLink } from "~/components/ui/button";
import { cn } from "~/components/ui/cn";
import { CircleCheck, CircleX, Hourglass, Info } from "~/components/ui/icons";
import { Money } from "~/components/ui/money";
import { Time } from "~/components/ui/time";
import type { SessionView } from "./session.presenter.server";

const SIDES = {
  customer: "The customer’s side",
  bank: "The bank’s side",
  provider: "The provider’s side",
  merchant: "Your side",
  none: "Nobody’s fault",
} as const;

/** Why a session was not paid, what to do about it, and whether the order was paid anyway. */
export function CauseCard({ view, base }: { view: SessionView; base: string }) {
  const { cause, orderPaid } = view;
  if (!cause) return null;
  const expired = view.status === "EXPIRED";
  const Icon = expired ? Hourglass : CircleX;
  return (
    <section
      aria-labelledby="cause"
      className={cn(
        "overflow-hidden rounded-lg border border-border border-l-[3px] bg-surface",
        expired ? "border-l-border-control" : "border-l-danger",
      )}
    >
      <div className="grid grid-cols-[16px_minmax(0,1fr)] gap-x-2 p-4">
        <Icon className={cn("mt-[3px]", expired ? "text-text-3" : "text-danger")} />
        <div className="max-w-[76ch]">
          <h2 id="cause" className="text-md font-bold">
            {cause.title}
          </h2>
          <p className="mt-0.5 text-text-2">
            {cause.explanation}
            {cause.where ? ` ${cause.where}.` : null}
          </p>
          <p className="mt-1 text-sm text-text-3">
            {SIDES[cause.side]} · <code>{cause.reason}</code>
            {cause.providerCode ? (
              <>
                {" "}
                · {view.provider ?? "the provider"} said <code>{cause.providerCode}</code>
              </>
            ) : null}
          </p>
          <h3 className="mt-3 font-bold">What to do</h3>
          <ol className="mt-1 grid list-decimal gap-1 pl-5 marker:text-text-3">
            {cause.advice.map((advice) => (
              <li key={advice}>{advice}</li>
            ))}
            {cause.forCustomer ? (
              <li>
                Words for the customer: <q>{cause.forCustomer}</q>
              </li>
            ) : null}
          </ol>
        </div>
      </div>
      {orderPaid ? (
        <div className="flex flex-wrap items-center gap-x-4 gap-y-2 border-t border-border bg-success-bg px-4 py-2.5">
          <p className="flex min-w-0 flex-1 basis-60 gap-2">
            <CircleCheck className="mt-0.5 text-success" />
            <span>
              <b>Order paid</b> in another session,{" "}
              <Money amount={orderPaid.amount} currency={orderPaid.currency} />
              {orderPaid.provider ? ` by ${orderPaid.provider}` : null}, <Time iso={orderPaid.paidAt} />.
            </span>
          </p>
          <ButtonLink variant="primary" to={`${base}/sessions/${orderPaid.id}`} className="max-sm:w-full">
            Open the paid session
          </ButtonLink>
        </div>
      ) : (
        <p className="flex gap-2 border-t border-border bg-surface-sunken px-4 py-2.5">
          <Info className="mt-0.5 text-text-3" />
          <span>
            <b>Order not paid</b> in any other session.
          </span>
        </p>
      )}
    </section>
  );
}
