import { isRouteErrorResponse, useLocation, useRouteError } from "@remix-run/react";
import { ButtonLink, buttonVariants } from "~/components/ui/button";
import { ErrorPage } from "./error-page";
import { useRequestId } from "./use-request-id";

/** A page outside the dashboard that failed or is not there, and any before it is known where it would be. */
export function RootErrorPage() {
  const error = useRouteError();
  const { pathname, search } = useLocation();
  const requestId = useRequestId(error);
  const status = isRouteErrorResponse(error) ? error.status : 500;
  // A plain link: it must load the document anew, whatever state this one is in.
  const retry = (
    <a href={pathname + search} className={buttonVariants({ variant: "primary" })}>
      Try again
    </a>
  );
  const home = (variant: "primary" | "secondary") => (
    <ButtonLink to="/" reloadDocument variant={variant}>
      Go to the start page
    </ButtonLink>
  );
  if (status === 404) {
    return (
      <ErrorPage status={404} title="There is no such page" requestId={requestId} actions={home("primary")}>
        <p>
          Nothing is at <code className="break-all">{pathname}</code>. It may have been removed, or belong to
          another application or mode.
        </p>
      </ErrorPage>
    );
  }
  // Every other refusal is told inside the frame (DashboardError).
  if (status === 403) {
    return (
      <ErrorPage
        status={403}
        title="This sign-in has no dashboard"
        requestId={requestId}
        actions={
          <form method="post" action="/sign-out">
            <button type="submit" className={buttonVariants({ variant: "primary" })}>
              Sign out
            </button>
          </form>
        }
      >
        <p>
          A dashboard shows the payments of one merchant, and you are a member of none: Kadosei’s own staff
          are not.
        </p>
        <p>Sign out, then sign in with an e-mail address that a merchant has given a role.</p>
      </ErrorPage>
    );
  }
  return (
    <ErrorPage
      status={status}
      title="This page could not be shown"
      requestId={requestId}
      actions={
        <>
          {retry}
          {home("secondary")}
        </>
      }
    >
      <p>Something failed while loading it. What was saved before is kept, and payments go on meanwhile.</p>
      <p>Try again; if it stays, tell support{requestId ? " the request id below" : " when it happened"}.</p>
    </ErrorPage>
  );
}
