import { Form } from "@remix-run/react";
import type { ReactNode } from "react";
import { Brand } from "~/components/layout/brand";
import { ThemeToggle } from "~/components/layout/theme";
import { Trail } from "~/components/layout/trail";
import { Button } from "~/components/ui/button";
import { PageHeader } from "~/components/ui/page-header";
import { SkipLink } from "~/components/ui/skip-link";
import { Tabs } from "~/components/ui/tabs";

/** The frame around the account's pages for who is in no merchant's team: Kadosei's staff, and who has left. */
export function PlainShell({ children }: { children: ReactNode }) {
  return (
    <>
      <SkipLink />
      <header className="flex items-center justify-between gap-3 border-b border-border bg-surface px-6 py-3 max-sm:px-4">
        <Brand />
        <div className="flex items-center gap-2">
          <ThemeToggle />
          <Form method="post" action="/sign-out">
            <Button type="submit">Sign out</Button>
          </Form>
        </div>
      </header>
      <main id="main" tabIndex={-1} className="mx-auto max-w-[960px] p-6 max-sm:p-4">
        <Trail />
        {children}
      </main>
    </>
  );
}

/** The heading and the tabs of the account's pages. */
export function AccountHeader({ email }: { email: string }) {
  return (
    <>
      <PageHeader title="Your account" description={<span className="break-words">{email}</span>} />
      <Tabs
        label="Your account"
        className="mb-4"
        items={[
          { to: "/account", label: "Profile" },
          { to: "/account/security", label: "Password and sign-ins" },
        ]}
      />
    </>
  );
}
