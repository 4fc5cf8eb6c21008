import { AlreadyShown } from "~/components/form/show-once";
import { ButtonLink } from "~/components/ui/button";
import { Card, CardBody, CardHeader } from "~/components/ui/card";
import { KeyRound } from "~/components/ui/icons";
import { Time } from "~/components/ui/time";
import { SigningSecretOnce } from "~/features/webhooks/signing-secret-once";
import type { ApplicationView } from "./applications.presenter.server";

export interface MadeCallbackSecret {
  secret: string;
  isRolled: boolean;
}

interface Props {
  application: ApplicationView;
  path: string;
}

/** The secret that signs what goes to the sessions' own callback URLs: what it is, and a new one. */
export function CallbackSecretCard({ application, path, canWrite }: Props & { canWrite: boolean }) {
  const { callbackSecret: secret } = application;
  return (
    <Card>
      <CardHeader title="Callback secret" />
      <CardBody>
        <div className="flex flex-wrap items-center justify-between gap-3">
          <div className="grid max-w-[60ch] gap-1 text-text-2">
            <p>
              A payment session may name a <code>callbackUrl</code> of its own. Its events are signed with
              this secret, in both modes.
            </p>
            <p className="text-sm text-text-3">
              {secret === null ? (
                "Not made yet: make it here, or the first callback does."
              ) : (
                <>
                  Now <code>{secret.fingerprint}</code>.
                  {secret.previousExpiresAt ? (
                    <>
                      {" "}
                      The one before it signs too until{" "}
                      <Time iso={secret.previousExpiresAt} show="absolute" />.
                    </>
                  ) : null}
                </>
              )}
            </p>
          </div>
          {canWrite ? (
            <ButtonLink to={`${path}?ask=callback-secret`} prefetch="none" preventScrollReset>
              {secret === null ? "Make secret" : "Roll secret"}
            </ButtonLink>
          ) : null}
        </div>
      </CardBody>
    </Card>
  );
}

/** The new secret, once; or that the same form was sent before. */
export function CallbackSecretResult({
  made,
  application,
  path,
}: Props & { made: MadeCallbackSecret | "already" | null }) {
  if (made === null) return null;
  if (made === "already")
    return (
      <AlreadyShown>
        It made a new secret the first time, and no second one now. That secret cannot be shown again: if you
        did not store it, roll once more.
      </AlreadyShown>
    );
  return (
    <SigningSecretOnce
      title={made.isRolled ? "Your new callback secret" : "Your callback secret"}
      icon={<KeyRound />}
      what="callback secret"
      signs="a callback"
      label={application.name}
      made={made}
      closeTo={path}
    />
  );
}
