import type { ReactNode } from "react";

/** One group of components on /dev/components. */
export function Section({ id, title, children }: { id: string; title: string; children: ReactNode }) {
  return (
    <section aria-labelledby={id} className="mt-8 first:mt-0">
      <h2 id={id} className="mb-3 text-md font-bold">
        {title}
      </h2>
      {children}
    </section>
  );
}

/** A line of variants with a name. */
export function Row({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className="mb-3 last:mb-0">
      <p className="mb-1.5 text-sm text-text-3">{name}</p>
      <div className="flex flex-wrap items-center gap-2">{children}</div>
    </div>
  );
}
