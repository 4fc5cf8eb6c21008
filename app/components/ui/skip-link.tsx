/** The first thing the Tab key reaches. */
export function SkipLink() {
  return (
    <a
      href="#main"
      className="absolute top-2 left-2 z-50 -translate-y-16 rounded-md bg-surface-raised px-3 py-2 font-medium text-accent shadow-md focus:translate-y-0"
    >
      Skip to content
    </a>
  );
}
