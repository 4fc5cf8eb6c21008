import { buttonVariants } from "~/components/ui/button";
import { Checkbox } from "~/components/ui/checkbox";

/**
 * Leaves a page that shows something once, after a tick. The browser's own form: it asks for the tick also without
 * JavaScript, and leaves the page for good.
 */
export function StoredForm({ label, leaveTo }: { label: string; leaveTo: string }) {
  return (
    <form
      method="get"
      action={leaveTo}
      className="flex flex-wrap items-center justify-between gap-3 border-t border-border pt-4"
    >
      <Checkbox label={label} required />
      <button type="submit" className={buttonVariants()}>
        Done
      </button>
    </form>
  );
}
