import { Webhook } from "~/components/ui/icons";
import { SigningSecretOnce } from "./signing-secret-once";

/** A signing secret that was just made: in this response only. */
export interface MadeSecret {
  url: string;
  secret: string;
  isRolled: boolean;
}

/** The signing secret once, with how it is used. */
export function SecretDialog({ made, closeTo }: { made: MadeSecret; closeTo: string }) {
  return (
    <SigningSecretOnce
      title={made.isRolled ? "Your new signing secret" : "Your endpoint’s signing secret"}
      icon={<Webhook />}
      what="signing secret"
      signs="an event"
      label={made.url}
      made={made}
      closeTo={closeTo}
    />
  );
}
