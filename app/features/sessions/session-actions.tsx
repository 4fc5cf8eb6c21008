import { Form, useNavigation } from "@remix-run/react";
import { Button, ButtonLink, buttonVariants } from "~/components/ui/button";
import { ConfirmDialog } from "~/components/ui/confirm-dialog";
import { ExternalLink, RefreshCw, Share2 } from "~/components/ui/icons";
import type { SessionView } from "./session.presenter.server";

/** What can be done with a session now, by this person. */
export function SessionActions({ view }: { view: SessionView }) {
  const navigation = useNavigation();
  const syncing = navigation.formData?.get("intent") === "sync";
  return (
    <>
      {view.canExpire ? (
        <>
          <ConfirmDialog
            trigger={
              <Button variant="danger-quiet" className="noscript:hidden">
                Expire
              </Button>
            }
            title={`Expire the session of order ${view.order}?`}
            description={`The checkout closes at once, and the customer cannot pay ${view.currency} ${view.amount} there any more. Your server is told by session.expired. A payment that the provider confirms after all still counts.`}
            confirmLabel="Expire session"
            fields={{ intent: "expire" }}
          />
          <noscript>
            <form method="post">
              <input type="hidden" name="intent" value="expire" />
              <button type="submit" className={buttonVariants({ variant: "danger-quiet" })}>
                Expire now
              </button>
            </form>
          </noscript>
        </>
      ) : null}
      {view.shareWith.length > 0 ? (
        <ButtonLink to="?share=1" preventScrollReset>
          <Share2 /> Share
        </ButtonLink>
      ) : null}
      {view.canSync ? (
        <Form method="post" className="flex">
          <input type="hidden" name="intent" value="sync" />
          <Button type="submit" pending={syncing} className="max-sm:w-full">
            <RefreshCw />
            <span>
              Re-sync<span className="max-sm:hidden"> with {view.provider}</span>
            </span>
          </Button>
        </Form>
      ) : null}
      {view.checkoutUrl ? (
        <a
          href={view.checkoutUrl}
          target="_blank"
          rel="noreferrer"
          className={buttonVariants({ variant: "primary" })}
        >
          Open checkout <ExternalLink aria-label="(new tab)" />
        </a>
      ) : null}
    </>
  );
}
