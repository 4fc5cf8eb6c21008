import { Form } from "@remix-run/react";
import { FormProblem } from "~/components/form/form-problem";
import { SubmitButton } from "~/components/form/submit-button";
import { AuthCard, AuthShell } from "~/components/layout/auth-shell";
import { ThemeToggle } from "~/components/layout/theme";
import { ButtonLink } from "~/components/ui/button";
import { Callout } from "~/components/ui/callout";
import { DeadLinkPage } from "./dead-link-page";

export type ConfirmEmailPageProps = {
  /** Null for a link that does not work. */
  change: { from: string; to: string } | null;
  isStop: boolean;
  /** What was done just now. */
  done: "changed" | "stopped" | null;
  problem: string | null;
};

/** Behind the links of a change of address: to the new one, which confirms it, and to the old one, which stops it. */
export function ConfirmEmailPage({ change, isStop, done, problem }: ConfirmEmailPageProps) {
  if (done)
    return (
      <AuthShell
        title={done === "changed" ? "Your address is changed" : "The change is stopped"}
        tools={<ThemeToggle />}
      >
        <Callout tone="success" role="status">
          <p>
            {done === "changed"
              ? "From now on you sign in with it."
              : "Your address stays as it is. If you did not ask for another one, choose a new password: somebody was signed in as you."}
          </p>
        </Callout>
        <ButtonLink to={done === "changed" ? "/account" : "/forgot-password"} variant="primary" wide>
          {done === "changed" ? "Go to your account" : "Choose a new password"}
        </ButtonLink>
      </AuthShell>
    );
  if (change === null)
    return (
      <DeadLinkPage
        advice="The change can be asked for again on your account’s page."
        to="/account"
        label="Go to your account"
      />
    );
  return (
    <AuthShell title={isStop ? "Stop the change?" : "Confirm your new address"} tools={<ThemeToggle />}>
      <AuthCard>
        <Form method="post">
          <FormProblem problem={problem} />
          <p className="break-words">
            {isStop ? (
              <>
                Your sign-in is about to use <b>{change.to}</b> in place of <b>{change.from}</b>.
              </>
            ) : (
              <>
                You then sign in with <b>{change.to}</b>, and no longer with <b>{change.from}</b>.
              </>
            )}
          </p>
          <SubmitButton variant="primary" wide>
            {isStop ? "Stop the change" : "Confirm this address"}
          </SubmitButton>
        </Form>
      </AuthCard>
    </AuthShell>
  );
}
