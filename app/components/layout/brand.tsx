import { Link } from "@remix-run/react";
import { cn } from "~/components/ui/cn";

/** The mark: a K on a rounded square, in the text colour. */
export function BrandMark({ className }: { className?: string }) {
  return (
    <svg viewBox="0 0 24 24" aria-hidden="true" className={cn("size-[22px] flex-none", className)}>
      <rect width="24" height="24" rx="6" fill="currentColor" />
      <path
        d="M7.5 6v12M7.5 12.5h3.2L16.5 6M10.7 12.5 16.5 18"
        fill="none"
        stroke="var(--surface)"
        strokeWidth="2"
        strokeLinecap="round"
        strokeLinejoin="round"
      />
    </svg>
  );
}

/** Mark and name, leading home. */
export function Brand({ to = "/", name = "Kadosei" }: { to?: string; name?: string }) {
  return (
    <Link to={to} className="inline-flex items-center gap-2 rounded-md text-[14px] font-bold text-text">
      <BrandMark />
      {name}
    </Link>
  );
}
