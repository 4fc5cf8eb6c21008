import type { ReactNode } from "react";
import { buttonVariants } from "~/components/ui/button";
import type { Icon } from "~/components/ui/icon";
import { CircleCheck, CircleX, Clock } from "~/components/ui/icons";
import { Spinner } from "~/components/ui/spinner";
import type { CheckoutView } from "./checkout.presenter.server";
import { fill } from "./messages";
import { RefreshAfter } from "./refresh-after";

const looks: Record<"success" | "danger" | "neutral", { icon: Icon; className: string }> = {
  success: { icon: CircleCheck, className: "text-success" },
  danger: { icon: CircleX, className: "text-danger" },
  neutral: { icon: Clock, className: "text-text-3" },
};

/** One state in words: what happened, and the one way on. `tone` null is a turning ring. */
export function Notice({
  tone,
  title,
  children,
  link,
}: {
  tone: keyof typeof looks | null;
  title: ReactNode;
  children: ReactNode;
  link?: { href: string; label: string };
}) {
  const look = tone === null ? null : looks[tone];
  return (
    <section
      role={tone === null ? "status" : undefined}
      className="grid content-center justify-items-start gap-3"
    >
      {look === null ? (
        <Spinner className="[&_.icon]:size-7" />
      ) : (
        <look.icon className={`size-7! ${look.className}`} aria-hidden="true" />
      )}
      <h2 className="text-lg font-bold tracking-[-0.01em]">{title}</h2>
      <div className="grid gap-2 text-text-2">{children}</div>
      {link ? (
        <a
          href={link.href}
          className={`${buttonVariants({ variant: "secondary" })} h-auto! min-h-control max-w-full py-2 whitespace-normal!`}
        >
          {link.label}
        </a>
      ) : null}
    </section>
  );
}

/** What stands in the place of the payment methods when there is nothing to pay any more. */
export function CheckoutNotice({ view }: { view: CheckoutView }) {
  const { messages: text, merchantName: merchant, merchantUrl: href } = view;
  switch (view.state) {
    case "paid":
      return (
        <Notice
          tone="success"
          title={text.paidTitle}
          link={{ href, label: fill(text.backToMerchant, { merchant }) }}
        >
          <p>{text.paidText}</p>
        </Notice>
      );
    case "failed":
      return (
        <Notice
          tone={view.isCancelled ? "neutral" : "danger"}
          title={view.isCancelled ? text.cancelledTitle : text.failedTitle}
          link={{ href, label: fill(text.tryAgain, { merchant }) }}
        >
          <p>{view.reason}</p>
        </Notice>
      );
    case "expired":
      return (
        <Notice
          tone="neutral"
          title={text.expiredTitle}
          link={{ href, label: fill(text.backToMerchant, { merchant }) }}
        >
          <p>{fill(text.expiredText, { merchant })}</p>
        </Notice>
      );
    default:
      return <WaitingNotice view={view} refresh={{ href: `?lang=${view.language}`, seconds: 3 }} />;
  }
}

/** The provider has not said how it ended; the page asks again by itself. */
export function WaitingNotice({
  view,
  refresh,
  checkoutHref,
}: {
  view: CheckoutView;
  refresh: { href: string; seconds: number };
  /** Where a customer who did not pay can still do so. */
  checkoutHref?: string;
}) {
  const { messages: text } = view;
  return (
    <Notice tone={null} title={text.waitingTitle}>
      <RefreshAfter {...refresh} />
      <p>{text.waitingText}</p>
      {view.methods.some(({ value }) => value === "mpesa_stk") ? <p>{text.waitingPhone}</p> : null}
      {checkoutHref ? (
        <p>
          <a href={checkoutHref} className="text-accent underline underline-offset-2">
            {text.backToCheckout}
          </a>
        </p>
      ) : null}
    </Notice>
  );
}
