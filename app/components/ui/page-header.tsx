import type { ReactNode } from "react";

export type PageHeaderProps = {
  title: ReactNode;
  description?: ReactNode;
  /** Breadcrumbs. */
  above?: ReactNode;
  /** At most one of them primary. */
  actions?: ReactNode;
};

/** The page's name and what one can do on it. */
export function PageHeader({ title, description, above, actions }: PageHeaderProps) {
  return (
    <header className="mb-4">
      {above}
      <div className="flex flex-wrap items-start justify-between gap-x-4 gap-y-3">
        <div className="min-w-0">
          <h1 className="flex flex-wrap items-center gap-x-3 text-lg font-bold tracking-[-0.01em] break-words">
            {title}
          </h1>
          {description ? <div className="max-w-[88ch] text-pretty text-text-2">{description}</div> : null}
        </div>
        {actions ? (
          <div className="flex flex-wrap gap-2 max-sm:w-full max-sm:[&>*]:flex-1">{actions}</div>
        ) : null}
      </div>
    </header>
  );
}
