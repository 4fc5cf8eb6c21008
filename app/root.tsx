import "~/lib/zod-in-browser";
import type { LinksFunction, LoaderFunctionArgs, MetaFunction } from "@remix-run/node";
import {
  Links,
  Meta,
  Outlet,
  Scripts,
  ScrollRestoration,
  useMatches,
  useRouteLoaderData,
} from "@remix-run/react";
import type { ReactNode } from "react";
import { NavigationProgress } from "~/components/layout/navigation-progress";
import { useIsPlain } from "~/components/layout/plain-page";
import { themeFromCookie, useTheme } from "~/components/layout/theme";
import { errorTitle } from "~/components/layout/trail";
import { useNonce, useStyleNonce } from "~/components/nonce";
import { laterPart } from "~/components/ui/later-part";
import { TimeProvider } from "~/components/ui/time";
import { ToastProvider } from "~/components/ui/toast";
import styles from "~/styles/app.css?url";

const RootError = laterPart(() =>
  import("~/components/layout/root-error-page").then((all) => all.RootErrorPage),
);

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

/** What every page can rely on: toasts, and times in UTC unless a layout below says otherwise. */
function Providers({ children }: { children: ReactNode }) {
  const data = useRouteLoaderData<typeof loader>("root");
  return (
    <TimeProvider timeZone="UTC" now={data?.now ?? null}>
      <ToastProvider>{children}</ToastProvider>
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

export function ErrorBoundary() {
  return (
    <Providers>
      <RootError />
    </Providers>
  );
}
