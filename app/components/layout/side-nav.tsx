import { NavLink } from "@remix-run/react";
import { type ReactNode, useId } from "react";

export type NavItem = {
  to: string;
  label: string;
  icon: ReactNode;
  /** A word or number at the end, as “1 down” or a count. */
  badge?: ReactNode;
  /** Active only on exactly this path. */
  end?: boolean;
};

export type NavGroup = { label?: string; items: readonly NavItem[] };

/** The main navigation's groups. `aria-current="page"` marks the active one. */
export function SideNav({ groups, onNavigate }: { groups: readonly NavGroup[]; onNavigate?: () => void }) {
  const id = useId();
  return (
    <nav aria-label="Main" className="flex-1 overflow-y-auto px-2 py-1">
      {groups.map((group, index) => {
        const headingId = group.label ? `${id}-${index}` : undefined;
        return (
          <div key={group.label ?? "main"}>
            {group.label ? (
              <p id={headingId} className="mx-2 mt-4 mb-1 text-sm text-text-3">
                {group.label}
              </p>
            ) : null}
            <ul aria-labelledby={headingId}>
              {group.items.map((item) => (
                <li key={item.to} className="mb-px">
                  <NavLink
                    to={item.to}
                    end={item.end}
                    prefetch="intent"
                    onClick={onNavigate}
                    className="flex min-h-8 items-center gap-2.5 rounded-md px-2 font-medium text-text-2 transition-colors duration-100 hover:bg-surface-hover focus-visible:rounded-md focus-visible:-outline-offset-1 aria-[current]:bg-accent-soft aria-[current]:text-accent max-lg:min-h-11 [&>.icon]:text-text-3 aria-[current]:[&>.icon]:text-current"
                  >
                    {item.icon}
                    <span className="min-w-0 py-1 leading-5 break-words">{item.label}</span>
                    {item.badge ? (
                      <span className="ml-auto inline-flex flex-none items-center gap-1 text-sm whitespace-nowrap [&_.icon]:size-[13px]">
                        {item.badge}
                      </span>
                    ) : null}
                  </NavLink>
                </li>
              ))}
            </ul>
          </div>
        );
      })}
    </nav>
  );
}
