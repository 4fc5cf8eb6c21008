import {
  Form,
  isRouteErrorResponse,
  useLocation,
  useParams,
  useRouteError,
  useRouteLoaderData,
} from "@remix-run/react";
import { useRequestId } from "~/components/layout/use-request-id";
import { Button, ButtonLink, buttonVariants } from "~/components/ui/button";
import { Card } from "~/components/ui/card";
import { ErrorState } from "~/components/ui/error-state";
import { Search } from "~/components/ui/icons";
import { Input } from "~/components/ui/input";
import { scopePath } from "./scope-path";

/** Why, in the words of the command that refused. */
function refusalOf(error: unknown): string | null {
  const { message } = isRouteErrorResponse(error) ? ((error.data ?? {}) as { message?: unknown }) : {};
  return typeof message === "string" ? message : null;
}

/** What was looked for may be found by another identifier. Only where the application and mode are known to be real. */
function SearchSessions() {
  const { applicationId, mode } = useParams();
  const isThere = useRouteLoaderData("routes/dashboard/scope") !== undefined;
  if (!isThere || applicationId === undefined || (mode !== "test" && mode !== "live")) return null;
  return (
    <Form
      method="get"
      action={scopePath({ applicationId, mode }, "sessions")}
      role="search"
      aria-label="Payment sessions, from here"
      className="flex w-full max-w-[460px] gap-2"
    >
      <span className="min-w-0 flex-1">
        <Input
          type="search"
          name="q"
          icon={<Search />}
          placeholder="Order, e-mail, session or reference"
          aria-label="Search payment sessions"
        />
      </span>
      <Button type="submit">Search</Button>
    </Form>
  );
}

/** A page that failed or is not there, inside the frame: the navigation still works. */
export function DashboardErrorPage() {
  const error = useRouteError();
  const { pathname, search } = useLocation();
  const requestId = useRequestId(error);
  const status = isRouteErrorResponse(error) ? error.status : 500;
  if (status === 404) {
    return (
      <Card>
        <ErrorState
          title="There is no such page"
          titleAs="h1"
          requestId={requestId}
          action={
            <>
              <SearchSessions />
              <ButtonLink to="/">Go to the overview</ButtonLink>
            </>
          }
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
        titleAs="h1"
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
          ? (refusalOf(error) ?? "An owner of your organisation can change your role.")
          : "Something failed while loading it. What was saved before is kept, and payments go on meanwhile."}
      </ErrorState>
    </Card>
  );
}
