import { isRouteErrorResponse, useLocation, useRouteError, useRouteLoaderData } from "@remix-run/react";
import { ButtonLink, buttonVariants } from "~/components/ui/button";
import { Card } from "~/components/ui/card";
import { ErrorState } from "~/components/ui/error-state";

/** The request id that an error response carries as `{requestId}`, or else that of the page. */
function useRequestId(error: unknown): string | null {
  const root = useRouteLoaderData<{ requestId: string | null }>("root");
  const { requestId } = isRouteErrorResponse(error) ? ((error.data ?? {}) as { requestId?: unknown }) : {};
  return typeof requestId === "string" ? requestId : (root?.requestId ?? null);
}

/** A page that failed or is not there, inside the frame: the navigation still works. */
export function DashboardError() {
  const error = useRouteError();
  const { pathname, search } = useLocation();
  const requestId = useRequestId(error);
  const status = isRouteErrorResponse(error) ? error.status : 500;
  if (status === 404) {
    return (
      <Card>
        <ErrorState
          title="There is no such page"
          requestId={requestId}
          action={<ButtonLink to="/">Go to the overview</ButtonLink>}
        >
          Nothing is at <code className="break-all">{pathname}</code>. It may belong to another application or
          mode.
        </ErrorState>
      </Card>
    );
  }
  return (
    <Card>
      <ErrorState
        title={status === 403 ? "Your role does not allow this" : "This page could not be shown"}
        requestId={requestId}
        action={
          status === 403 ? (
            <ButtonLink to="/">Go to the overview</ButtonLink>
          ) : (
            // A plain link: it loads the document anew, whatever state this one is in.
            <a href={pathname + search} className={buttonVariants({ variant: "primary" })}>
              Try again
            </a>
          )
        }
      >
        {status === 403
          ? "An owner of your organisation can change your role."
          : "Something failed while loading it. What was saved before is kept, and payments go on meanwhile."}
      </ErrorState>
    </Card>
  );
}
