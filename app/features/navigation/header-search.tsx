import { Form, useSearchParams } from "@remix-run/react";
import { Search } from "lucide-react";
import { useEffect, useRef } from "react";
import { ButtonLink } from "~/components/ui/button";
import { Input } from "~/components/ui/input";
import { Kbd } from "~/components/ui/kbd";

/** Whether a key press belongs to a control that takes text. */
function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))
  );
}

/** Any identifier of a payment session → the sessions list, which searches. `/` focuses it. */
export function HeaderSearch({ to }: { to: string }) {
  const [params] = useSearchParams();
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
  const q = params.get("q") ?? "";
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
      <ButtonLink
        to={to}
        variant="ghost"
        size="icon"
        aria-label="Search payment sessions"
        className="lg:hidden"
      >
        <Search />
      </ButtonLink>
    </>
  );
}
