import { Link, useSubmit } from "@remix-run/react";
import type { ReactNode } from "react";
import { Button } from "~/components/ui/button";
import { DropdownMenu } from "~/components/ui/dropdown-menu";
import { ChevronsUpDown, LogOut } from "~/components/ui/icons";

export type UserMenuProps = {
  name: string;
  /** A second line: the role. */
  note: string;
  /** The page about the person's own account. */
  accountTo?: string;
  items?: readonly { to: string; label: string; icon?: ReactNode }[];
  /** Where signing out posts to. */
  signOutAction: string;
};

/** The first letters of the first and the last word. */
function initials(name: string): string {
  const words = name.trim().split(/\s+/);
  const letters = [words[0], words.length > 1 ? words.at(-1) : undefined];
  return letters.map((word) => word?.charAt(0).toUpperCase() ?? "").join("");
}

/** Who is signed in, with what belongs to them. Signing out works without JavaScript too. */
export function UserMenu({ name, note, accountTo, items = [], signOutAction }: UserMenuProps) {
  const submit = useSubmit();
  return (
    <div className="flex items-center gap-2 border-t border-border py-2 pr-2 pl-4">
      <span
        aria-hidden
        className="grid size-7 flex-none place-items-center rounded-full bg-neutral-bg text-xs font-bold text-neutral"
      >
        {initials(name)}
      </span>
      <span className="min-w-0 flex-1">
        <span className="block truncate font-medium">
          {accountTo ? (
            <Link to={accountTo} className="hover:underline">
              {name}
            </Link>
          ) : (
            name
          )}
        </span>
        <span className="block truncate text-sm text-text-3">{note}</span>
      </span>
      <DropdownMenu
        side="top"
        trigger={
          <Button variant="ghost" size="icon" aria-label="Your account" className="noscript:hidden">
            <ChevronsUpDown />
          </Button>
        }
        groups={[
          { items },
          {
            items: [
              {
                label: "Sign out",
                icon: <LogOut />,
                onSelect: () => submit(null, { method: "post", action: signOutAction }),
              },
            ],
          },
        ]}
      />
      {/* By CSS and not in <noscript>: this menu is itself inside one in NavDrawer, and they do not nest. */}
      <form method="post" action={signOutAction} className="hidden noscript:block">
        <button type="submit" className="font-medium text-accent">
          Sign out
        </button>
      </form>
    </div>
  );
}
