import { Link } from "@remix-run/react";
import type { ReactNode } from "react";
import { FlaskConical } from "~/components/ui/icons";

export type ModeBannerProps = {
  title: string;
  /** What it means; left out on phones. */
  children?: ReactNode;
  action?: { to: string; label: string };
};

/** The amber band. Test mode only: it is the one solid band of colour there is. */
export function ModeBanner({ title, children, action }: ModeBannerProps) {
  return (
    <section
      aria-label="Mode"
      className="flex min-h-testbar items-center justify-center gap-4 bg-test-bg px-4 py-1 text-sm text-test-fg [&_:focus-visible]:outline-test-fg"
    >
      <p className="flex items-center gap-2">
        <FlaskConical />
        <strong>{title}</strong>
        {children ? <span className="max-lg:sr-only">{children}</span> : null}
      </p>
      {action ? (
        <Link to={action.to} className="font-bold whitespace-nowrap underline underline-offset-2">
          {action.label}
        </Link>
      ) : null}
    </section>
  );
}
