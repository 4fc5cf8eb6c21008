import { isRouteErrorResponse, useLocation, useRouteError } from "@remix-run/react";
import { ErrorPage } from "~/components/layout/error-page";
import { buttonVariants } from "~/components/ui/button";

/**
 * What a customer sees instead of a checkout. In English, because no session says which language to use;
 * and offering nothing of the dashboard, which is not the customer's.
 */
export function CheckoutError() {
  const error = useRouteError();
  const { pathname, search } = useLocation();
  const status = isRouteErrorResponse(error) ? error.status : 500;
  const { requestId } = (isRouteErrorResponse(error) ? (error.data ?? {}) : {}) as { requestId?: unknown };
  const id = typeof requestId === "string" ? requestId : null;
  if (status === 404) {
    return (
      <ErrorPage status={404} title="This checkout link does not work" requestId={id} actions={null}>
        <p>It may have been cut off on its way: open it again from where you got it, whole.</p>
        <p>Or go back to the shop and start the payment again. Nothing was charged by this page.</p>
      </ErrorPage>
    );
  }
  return (
    <ErrorPage
      status={status}
      title="This checkout could not be shown"
      requestId={id}
      actions={
        // A plain link: it loads the document anew, whatever state this one is in.
        <a href={pathname + search} className={buttonVariants({ variant: "primary" })}>
          Try again
        </a>
      }
    >
      <p>Something failed while loading it. A payment that was under way goes on by itself.</p>
      <p>Try again; if it stays, ask the shop whether your order was paid before you pay once more.</p>
    </ErrorPage>
  );
}
