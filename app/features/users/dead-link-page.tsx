import { AuthShell } from "~/components/layout/auth-shell";
import { ThemeToggle } from "~/components/layout/theme";
import { ButtonLink } from "~/components/ui/button";
import { Callout } from "~/components/ui/callout";

/** A mailed link that does not work (any more), and what to do instead. */
export function DeadLinkPage({ advice, to, label }: { advice: string; to: string; label: string }) {
  return (
    <AuthShell title="This link does not work" tools={<ThemeToggle />}>
      <Callout tone="warning">
        <p>It was used already, was withdrawn or has expired. {advice}</p>
      </Callout>
      <ButtonLink to={to} variant="primary" wide>
        {label}
      </ButtonLink>
    </AuthShell>
  );
}
