import { cn } from "./cn";

/** The place of a deferred block, in its final size. Announce the block itself as busy. */
export function Skeleton({ className }: { className?: string }) {
  return <div aria-hidden className={cn("animate-pulse rounded-md bg-neutral-bg", className)} />;
}
