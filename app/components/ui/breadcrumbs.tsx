import type { ReactNode } from "react";
import { TextLink } from "./text-link";

/** Where the page is. The last one is the page itself and has no `to`. */
export function Breadcrumbs({
  items,
}: {
  items: readonly { label: ReactNode; to?: string; key?: string }[];
}) {
  return (
    <nav aria-label="Breadcrumb" className="mb-2">
      <ol className="flex flex-wrap text-sm text-text-3">
        {items.map((item, index) => (
          <li key={item.key ?? item.to ?? "current"} className="flex min-w-0">
            {index > 0 ? (
              <span aria-hidden className="mx-2">
                /
              </span>
            ) : null}
            {item.to ? (
              <TextLink to={item.to}>{item.label}</TextLink>
            ) : (
              <span aria-current="page" className="truncate">
                {item.label}
              </span>
            )}
          </li>
        ))}
      </ol>
    </nav>
  );
}
