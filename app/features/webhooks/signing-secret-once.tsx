import type { ReactNode } from "react";
import { ShowOnce } from "~/components/form/show-once";

/** A secret that signs what Kadosei sends, in the only response that ever has it, with how it is used. */
export function SigningSecretOnce(props: {
  title: string;
  icon: ReactNode;
  /** "signing secret", "callback secret". */
  what: string;
  /** What it signs: "an event". */
  signs: string;
  /** What the secret belongs to. */
  label: string;
  made: { secret: string; isRolled: boolean };
  closeTo: string;
}) {
  const { signs, made, ...rest } = props;
  return (
    <ShowOnce
      {...rest}
      description={
        <>
          Your server checks with it that {signs} comes from Kadosei. Store it where your server reads its
          secrets: <b>nobody can show it again</b>.
          {made.isRolled ? " For 24 hours the old secret signs too, so that you can change over." : null}
        </>
      }
      secret={made.secret}
      note="Standard Webhooks: headers webhook-id, webhook-timestamp and webhook-signature (HMAC-SHA256)."
    />
  );
}
