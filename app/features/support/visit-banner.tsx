import { LifeBuoy } from "~/components/ui/icons";

/** Says on every page that one of Kadosei's staff is looking, and lets them go. Works without JavaScript. */
export function VisitBanner({ merchantName, reason }: { merchantName: string; reason: string }) {
  return (
    <section
      aria-label="Support visit"
      className="flex min-h-testbar items-center justify-center gap-4 border-b border-border bg-info-bg px-4 py-1 text-sm text-info"
    >
      <p className="flex min-w-0 items-center gap-2">
        <LifeBuoy className="size-4 flex-none" />
        <strong className="truncate">Support visit to {merchantName}: read only</strong>
        <span title={reason} className="truncate max-lg:sr-only">
          {reason}
        </span>
      </p>
      <form method="post" action="/support/leave">
        <button type="submit" className="font-bold whitespace-nowrap underline underline-offset-2">
          Leave
        </button>
      </form>
    </section>
  );
}
