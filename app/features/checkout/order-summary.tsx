import { ChevronDown, Package } from "~/components/ui/icons";
import type { CheckoutView } from "./checkout.presenter.server";
import { LargeAmount } from "./checkout-shell";
import { fill } from "./messages";

/** What is paid: the amount, and the order behind it. */
export function OrderSummary({ view }: { view: CheckoutView }) {
  const { messages: text } = view;
  const isOver = view.state === "failed" || view.state === "expired";
  return (
    <section aria-labelledby="amount">
      <h1 id="amount">
        <span className="block text-sm text-text-2">
          {view.state === "paid" ? text.amountPaid : isOver ? text.total : text.amount}
        </span>
        <LargeAmount parts={view.total} />
      </h1>
      <details open className="group mt-3 border-t border-border">
        <summary className="flex min-h-11 items-center justify-between gap-3 py-2 font-medium [&::-webkit-details-marker]:hidden">
          <span className="min-w-0 break-words">{fill(text.order, { reference: view.orderReference })}</span>
          <ChevronDown className="group-open:rotate-180" />
        </summary>
        {view.items.length === 0 && view.description !== null ? (
          <p className="pb-1 break-words text-text-2">{view.description}</p>
        ) : null}
        {view.items.length > 0 ? (
          <ul className="border-b border-border pb-2">
            {view.items.map(({ name, detail, amount }, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: the list never changes, and items may repeat
              <li key={index} className="flex items-center gap-3 pb-2">
                <span
                  aria-hidden="true"
                  className="grid size-10 flex-none place-items-center rounded-md border border-border bg-surface-sunken text-text-3"
                >
                  <Package />
                </span>
                <span className="min-w-0 flex-1">
                  <b className="block break-words">{name}</b>
                  <span className="block text-sm break-words text-text-3">{detail}</span>
                </span>
                <span>{amount}</span>
              </li>
            ))}
          </ul>
        ) : null}
        <dl className="pt-2 text-text-2 [&>div]:flex [&>div]:justify-between [&>div]:gap-4 [&>div]:py-0.5">
          {view.sums.map(({ label, amount }) => (
            <div key={label}>
              <dt className="min-w-0 break-words">{label}</dt>
              <dd>{amount}</dd>
            </div>
          ))}
          <div className="mt-1.5 border-t border-border pt-2! text-text">
            <dt className="font-bold">{text.total}</dt>
            <dd>
              {view.total.map(({ kind, text: piece }, index) => (
                <span key={kind} className={kind === "currency" ? "text-sm text-text-3" : "font-bold"}>
                  {index > 0 ? " " : null}
                  {piece}
                </span>
              ))}
            </dd>
          </div>
        </dl>
      </details>
    </section>
  );
}
