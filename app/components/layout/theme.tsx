import { useFetcher, useLocation, useRouteLoaderData } from "@remix-run/react";
import { Button } from "~/components/ui/button";
import { Moon, Sun } from "~/components/ui/icons";

/** The stored choice; null follows the system. */
export type Theme = "light" | "dark" | null;

const FETCHER = "theme";

/** Reads the `theme` cookie of a Cookie header. Anything but light or dark is no choice. */
export function themeFromCookie(header: string | null): Theme {
  const value = /(?:^|;\s*)theme=(light|dark)(?:;|$)/.exec(header ?? "")?.[1];
  return value === "light" || value === "dark" ? value : null;
}

/** The theme of root's loader, or the one that was just asked for. */
export function useTheme(): Theme {
  const fetcher = useFetcher({ key: FETCHER });
  const data = useRouteLoaderData<{ theme?: Theme }>("root");
  const asked = fetcher.formData?.get("theme");
  return asked === "light" || asked === "dark" ? asked : (data?.theme ?? null);
}

/** Switches the theme from elsewhere than the button; "system" forgets the choice. */
export function useSwitchTheme(): (theme: "light" | "dark" | "system") => void {
  const fetcher = useFetcher({ key: FETCHER });
  const { pathname, search } = useLocation();
  return (theme) =>
    fetcher.submit({ theme, returnTo: pathname + search }, { method: "post", action: "/theme" });
}

/**
 * Switches light and dark: posts `theme` and `returnTo` to /theme, which sets the cookie and redirects.
 * While the system decides, CSS shows the one of two buttons that changes something, so it works
 * without JavaScript and without the server knowing the system's scheme.
 */
export function ThemeToggle() {
  const theme = useTheme();
  const fetcher = useFetcher({ key: FETCHER });
  const { pathname, search } = useLocation();
  const toDark = theme === null ? "dark:hidden" : theme === "light" ? "" : "hidden";
  const toLight = theme === null ? "hidden dark:inline-flex" : theme === "dark" ? "" : "hidden";
  return (
    <fetcher.Form method="post" action="/theme">
      <input type="hidden" name="returnTo" value={pathname + search} />
      <Button
        type="submit"
        name="theme"
        value="dark"
        variant="ghost"
        size="icon"
        aria-label="Use the dark theme"
        title="Use the dark theme"
        className={toDark}
      >
        <Moon />
      </Button>
      <Button
        type="submit"
        name="theme"
        value="light"
        variant="ghost"
        size="icon"
        aria-label="Use the light theme"
        title="Use the light theme"
        className={toLight}
      >
        <Sun />
      </Button>
    </fetcher.Form>
  );
}
