import { forwardRef } from "react";
import { Search } from "~/components/ui/icons";
import { Kbd } from "~/components/ui/kbd";

/** Opens the command menu; looks like a search field, an icon where it is narrow. */
export const SearchButton = forwardRef<
  HTMLButtonElement,
  { label?: string; hint?: string; onClick?: () => void }
>(function SearchButton({ label = "Search or jump to", hint = "⌘K", ...rest }, ref) {
  return (
    <button
      ref={ref}
      type="button"
      className="flex h-control w-[280px] items-center gap-2 rounded-md border border-border-control bg-surface px-2 text-text-3 hover:bg-surface-hover focus-visible:rounded-md max-lg:w-control max-lg:justify-center max-lg:border-transparent max-lg:px-0 noscript:hidden"
      {...rest}
    >
      <Search />
      <span className="max-lg:sr-only">{label}</span>
      <span aria-hidden className="ml-auto max-lg:hidden">
        <Kbd>{hint}</Kbd>
      </span>
    </button>
  );
});
