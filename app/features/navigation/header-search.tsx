import { Form, useLocation, useSearchParams } from "@remix-run/react";
import { useEffect, useRef } from "react";
import { ButtonLink } from "~/components/ui/button";
import { Search } from "~/components/ui/icons";
import { Input } from "~/components/ui/input";
import { Kbd } from "~/components/ui/kbd";
import { isTyping } from "./platform";

/** Any identifier of a payment session → the sessions list, which searches. `/` focuses it. */
export function HeaderSearch({ to }: { to: string }) {
  const [params] = useSearchParams();
  const { pathname } = useLocation();
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => {
    const focus = (event: KeyboardEvent) => {
      if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target))
        return;
      // A page with its own search box in view answers the key itself.
      if (event.defaultPrevented || input.current?.offsetParent === null) return;
      event.preventDefault();
      input.current?.focus();
    };
    document.addEventListener("keydown", focus);
    return () => document.removeEventListener("keydown", focus);
  }, []);
  // Elsewhere `q` is what another list was searched for.
  const q = pathname === to ? (params.get("q") ?? "") : "";
  return (
    <>
      <Form method="get" action={to} role="search" className="w-[280px] max-lg:hidden">
        <Input
          ref={input}
          key={q}
          type="search"
          name="q"
          defaultValue={q}
          icon={<Search />}
          end={<Kbd>/</Kbd>}
          placeholder="Order, e-mail, session or reference"
          aria-label="Search payment sessions"
        />
      </Form>
      {/* The command menu searches where it is narrow; without JavaScript the sessions page does. */}
      <ButtonLink
        to={to}
        variant="ghost"
        size="icon"
        aria-label="Search payment sessions"
        className="hidden noscript:max-lg:inline-flex"
      >
        <Search />
      </ButtonLink>
    </>
  );
}
