import { AuthCard, AuthShell } from "~/components/layout/auth-shell";
import { ButtonLink } from "~/components/ui/button";
import { Callout } from "~/components/ui/callout";
import { LayoutDashboard } from "~/components/ui/icons";

/** The example merchant's own page after the checkout; only the browser's word, as it says. */
export function DemoShopPage({ isPaid }: { isPaid: boolean }) {
  return (
    <AuthShell
      title={isPaid ? "Thank you for your order" : "The order was not paid"}
      footer="Demo shop, part of Kadosei"
    >
      <AuthCard>
        <Callout
          tone={isPaid ? "success" : "warning"}
          title={isPaid ? "The customer came back as paid" : "The customer came back unpaid"}
        >
          This page stands for your own {isPaid ? "success" : "failure"} URL. A redirect proves nothing:
          fulfil the order when the signed webhook arrives.
        </Callout>
        <ButtonLink to="/" className="mt-4 w-full">
          <LayoutDashboard />
          Back to the dashboard
        </ButtonLink>
      </AuthCard>
    </AuthShell>
  );
}
