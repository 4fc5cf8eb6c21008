import "~/lib/zod-in-browser";
import type { LinksFunction, LoaderFunctionArgs, MetaFunction } from "@remix-run/node";
import {
  isRouteErrorResponse,
  Links,
  Meta,
  Outlet,
  Scripts,
  ScrollRestoration,
  useLocation,
  useMatches,
  useRouteError,
  useRouteLoaderData,
} from "@remix-run/react";
import type { ReactNode } from "react";
import { ErrorPage } from "~/components/layout/error-page";
import { NavigationProgress } from "~/components/layout/navigation-progress";
import { useIsPlain } from "~/components/layout/plain-page";
import { themeFromCookie, useTheme } from "~/components/layout/theme";
import { errorTitle } from "~/components/layout/trail";
import { useNonce, useStyleNonce } from "~/components/nonce";
import { ButtonLink, buttonVariants } from "~/components/ui/button";
import { TimeProvider } from "~/components/ui/time";
import { ToastProvider } from "~/components/ui/toast";
import { TooltipProvider } from "~/components/ui/tooltip";
import styles from "~/styles/app.css?url";

export const links: LinksFunction = () => [
  { rel: "stylesheet", href: styles },
  { rel: "icon", href: "/favicon.svg", type: "image/svg+xml" },
];

/** Also the title of an error, drawn by whatever route: the one that failed has no data to make its own from. */
export const meta: MetaFunction = ({ error }) => [{ title: errorTitle(error) ?? "Kadosei" }];

/**
 * The stored theme, so that the first paint has it; and the server's clock, from which relative times
 * are written. `requestId` is there when the server hands it on in the request's own header.
 */
export function loader({ request }: LoaderFunctionArgs) {
  return {
    theme: themeFromCookie(request.headers.get("cookie")),
    now: new Date().toISOString(),
    requestId: request.headers.get("x-request-id"),
  };
}

/** The language that the page is drawn in: a route in another one than English has it in its data. */
function useLanguage(): string {
  const matches = useMatches();
  for (const { data } of matches) {
    const { language } = (data ?? {}) as { language?: unknown };
    if (typeof language === "string") return language;
  }
  return "en";
}

export function Layout({ children }: { children: ReactNode }) {
  const nonce = useNonce();
  const theme = useTheme();
  const language = useLanguage();
  const isPlain = useIsPlain();
  useStyleNonce();
  return (
    <html lang={language} data-theme={theme ?? undefined}>
      <head>
        <meta charSet="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content={theme ?? "light dark"} />
        <Meta />
        <Links />
      </head>
      <body>
        <NavigationProgress />
        {children}
        {isPlain ? null : (
          <>
            <ScrollRestoration nonce={nonce} />
            <Scripts nonce={nonce} />
          </>
        )}
      </body>
    </html>
  );
}

/** What every page can rely on: tooltips, toasts, and times in UTC unless a layout below says otherwise. */
function Providers({ children }: { children: ReactNode }) {
  const data = useRouteLoaderData<typeof loader>("root");
  return (
    <TimeProvider timeZone="UTC" now={data?.now ?? null}>
      <TooltipProvider delayDuration={400}>
        <ToastProvider>{children}</ToastProvider>
      </TooltipProvider>
    </TimeProvider>
  );
}

export default function App() {
  return (
    <Providers>
      <Outlet />
    </Providers>
  );
}

/** The request id that an error response carries as `{requestId}`. */
function requestIdOf(error: unknown): string | null {
  if (!isRouteErrorResponse(error) || typeof error.data !== "object" || error.data === null) return null;
  const { requestId } = error.data as { requestId?: unknown };
  return typeof requestId === "string" ? requestId : null;
}

export function ErrorBoundary() {
  const error = useRouteError();
  const { pathname, search } = useLocation();
  const data = useRouteLoaderData<typeof loader>("root");
  const requestId = requestIdOf(error) ?? data?.requestId ?? null;
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
  return (
    <Providers>
      {status === 404 ? (
        <ErrorPage status={404} title="There is no such page" requestId={requestId} actions={home("primary")}>
          <p>
            Nothing is at <code className="break-all">{pathname}</code>. It may have been removed, or belong
            to another application or mode.
          </p>
        </ErrorPage>
      ) : status === 403 ? (
        // Every other refusal is told inside the frame (DashboardError).
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
      ) : (
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
          <p>
            Something failed while loading it. What was saved before is kept, and payments go on meanwhile.
          </p>
          <p>
            Try again; if it stays, tell support{requestId ? " the request id below" : " when it happened"}.
          </p>
        </ErrorPage>
      )}
    </Providers>
  );
}
