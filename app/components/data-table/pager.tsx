import { Form, Link, useSubmit } from "@remix-run/react";
import { type ReactNode, useId } from "react";
import { buttonVariants } from "~/components/ui/button";
import { cn } from "~/components/ui/cn";
import { formatCount } from "~/components/ui/format";
import { ChevronFirst, ChevronLast, ChevronLeft, ChevronRight } from "~/components/ui/icons";
import { Input } from "~/components/ui/input";
import { Select } from "~/components/ui/select";
import { HiddenParams } from "./hidden-params";
import { LIMIT, PAGE, useListParams } from "./search-params";

export type PagerProps = {
  /** From 1. */
  page: number;
  /** Rows per page. */
  limit: number;
  /** Exact: the pager promises it. */
  totalItems: number;
  /** What `limit` may be. */
  limits?: readonly number[];
};

function PageLink({ to, label, children }: { to: string | null; label: string; children: ReactNode }) {
  const classes = cn(buttonVariants({ variant: "ghost", size: "icon" }), "max-sm:w-9");
  if (to === null) {
    return (
      // A link that leads nowhere stays in its place, so that the others do not move under the pointer.
      // biome-ignore lint/a11y: a disabled link is an anchor without href
      <a
        role="link"
        aria-disabled="true"
        aria-label={label}
        className={cn(classes, "opacity-45 hover:bg-transparent")}
      >
        {children}
      </a>
    );
  }
  return (
    <Link to={to} prefetch="intent" preventScrollReset aria-label={label} title={label} className={classes}>
      {children}
    </Link>
  );
}

/** `1–20 of 20,184`, rows per page, and the way to any page; links and GET forms, so no JavaScript needed. */
export function Pager({ page, limit, totalItems, limits = [20, 50, 100] }: PagerProps) {
  const { href } = useListParams();
  const submit = useSubmit();
  const id = useId();
  const totalPages = Math.max(1, Math.ceil(totalItems / limit));
  const first = (page - 1) * limit + 1;
  const last = Math.min(page * limit, totalItems);
  const to = (target: number) =>
    target === page || target < 1 || target > totalPages
      ? null
      : href({ [PAGE]: target === 1 ? null : String(target) });

  return (
    <nav
      aria-label="Pages"
      className="flex flex-wrap items-center gap-x-4 gap-y-2 border-t border-border py-2 pr-3 pl-4"
    >
      <p className="whitespace-nowrap">
        {first <= last ? (
          <>
            <b>
              {formatCount(first)}–{formatCount(last)}
            </b>{" "}
            of <b>{formatCount(totalItems)}</b>
          </>
        ) : (
          <>
            Nothing on this page; <b>{formatCount(totalItems)}</b> in all
          </>
        )}
      </p>
      <Form method="get" preventScrollReset className="flex items-center gap-2 max-sm:ml-auto">
        <HiddenParams except={[PAGE, LIMIT]} />
        <label htmlFor={`${id}-limit`} className="flex items-center gap-2 text-text-2">
          Rows
          <Select
            key={limit}
            id={`${id}-limit`}
            name={LIMIT}
            defaultValue={String(limit)}
            className="w-[66px]"
            onChange={(event) => submit(event.currentTarget.form, { preventScrollReset: true })}
          >
            {[...new Set([...limits, limit])]
              .sort((a, b) => a - b)
              .map((value) => (
                <option key={value} value={value}>
                  {value}
                </option>
              ))}
          </Select>
        </label>
        <noscript>
          <button type="submit" className={buttonVariants({ size: "sm" })}>
            Show
          </button>
        </noscript>
      </Form>
      <div className="ml-auto flex items-center gap-0.5 max-sm:w-full max-sm:justify-between">
        <PageLink to={to(1)} label="First page">
          <ChevronFirst />
        </PageLink>
        <PageLink to={to(page - 1)} label="Previous page">
          <ChevronLeft />
        </PageLink>
        <Form
          method="get"
          preventScrollReset
          className="mx-2 flex items-center gap-2 whitespace-nowrap text-text-2 max-sm:mx-0"
        >
          <HiddenParams except={[PAGE]} />
          <label htmlFor={`${id}-page`} className="flex items-center gap-2">
            Page
            <Input
              key={page}
              id={`${id}-page`}
              name={PAGE}
              type="number"
              inputMode="numeric"
              min={1}
              max={totalPages}
              defaultValue={page}
              className="w-[60px] text-right [appearance:textfield] [&::-webkit-inner-spin-button]:appearance-none"
            />
          </label>
          of {formatCount(totalPages)}
        </Form>
        <PageLink to={to(page + 1)} label="Next page">
          <ChevronRight />
        </PageLink>
        <PageLink to={to(totalPages)} label="Last page">
          <ChevronLast />
        </PageLink>
      </div>
    </nav>
  );
}
