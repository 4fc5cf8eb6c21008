import type { CSSProperties, ReactNode } from "react";
import { SkipLink } from "~/components/ui/skip-link";
import { Brand } from "./brand";

export type AuthShellProps = {
  title: ReactNode;
  description?: ReactNode;
  /** Controls at the end of the head, as a ThemeToggle. */
  tools?: ReactNode;
  /** A quiet line at the foot of the page. */
  footer?: ReactNode;
  children: ReactNode;
};

/** Larger than the dashboard: people come here once a day, often on a phone. */
const roomy = { "--control-h": "38px", "--text-base": "14px" } as CSSProperties;

/** A narrow centred column: signing in, accepting an invitation, choosing a password. */
export function AuthShell({ title, description, tools, footer, children }: AuthShellProps) {
  return (
    <div style={roomy} className="grid min-h-dvh grid-rows-[auto_1fr_auto] text-base">
      <SkipLink />
      <header className="flex items-center justify-between px-6 py-5 max-sm:p-4">
        <Brand />
        {tools}
      </header>
      <main
        id="main"
        tabIndex={-1}
        className="mx-auto my-[6vh] grid w-[min(380px,calc(100vw-32px))] content-start gap-4"
      >
        <div>
          <h1 className="text-xl font-bold tracking-[-0.01em]">{title}</h1>
          {description ? <p className="mt-1 text-text-2">{description}</p> : null}
        </div>
        {children}
      </main>
      <footer className="px-6 py-4 text-center text-sm text-text-3">{footer}</footer>
    </div>
  );
}

/** The card with the form. */
export function AuthCard({ children }: { children: ReactNode }) {
  return (
    <section className="grid gap-4 rounded-lg border border-border bg-surface p-5 [&>form]:grid [&>form]:gap-4">
      {children}
    </section>
  );
}

/** A quieter, dashed card under it, for another way in. */
export function AuthAside({
  title,
  icon,
  children,
}: {
  title: ReactNode;
  icon?: ReactNode;
  children: ReactNode;
}) {
  return (
    <section className="grid gap-2 rounded-lg border border-dashed border-border-strong p-5 text-text-2">
      <h2 className="flex items-center gap-2 font-bold text-text">
        {icon}
        {title}
      </h2>
      {children}
    </section>
  );
}
